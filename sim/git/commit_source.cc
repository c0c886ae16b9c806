#include "sim/git/commit_source.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/base/result.h"

namespace rebisect {

CommitSource::CommitSource(std::span<const Repository* const> repositories,
                           bool use_commit_graph)
    : repositories_(repositories) {
  for (const Repository* repository : repositories) {
    graphs_.emplace_back();
    const Repository::Impl& impl = repository->impl();
    if (!use_commit_graph || !impl.commit_graph_allowed ||
        !impl.substitutions.Empty()) {
      continue;
    }
    auto file = CommitGraphFile::Open(impl.ObjectFolders());
    if (!file) {
      notes_.push_back("not used: " + FormatError(file.error()));
      continue;
    }
    if (!*file) continue;
    const std::size_t count = (*file)->size();
    graphs_.back().numbers.assign(count, kNoVertex);
    dates_.reserve(dates_.capacity() + count);
    places_.reserve(places_.capacity() + count);
    graphs_.back().file = std::move(**file);
  }
}

Result<std::uint32_t> CommitSource::Get(const CommitId& id,
                                        std::uint32_t child) {
  for (std::uint32_t i = 0; i < graphs_.size(); ++i) {
    if (!graphs_[i].file) continue;
    if (const auto at = graphs_[i].file->Find(id)) return GetFromFile(i, *at);
  }
  const std::uint32_t found = table_.Find(object_ids_, id);
  if (found != IdTable::kNone) return objects_[found].number;
  Error first_error;
  Object object;
  std::int64_t date = 0;
  // One that is cut off here may be whole in the next repository.
  for (const bool take_shallow : {false, true}) {
    for (const Repository* repository : repositories_) {
      const Repository::Impl& impl = repository->impl();
      if ((impl.substitutions.shallow.count(id) != 0) != take_shallow) {
        continue;
      }
      const auto read = ReadObject(impl, id, object, date);
      if (read) {
        const auto index = static_cast<std::uint32_t>(objects_.size());
        table_.FindOrAdd(object_ids_, id, index);
        object.number = Enter(date, {kNoVertex, index});
        objects_.push_back(object);
        object_ids_.push_back(id);
        return object.number;
      }
      if (read.error().code != ErrorCode::kMissingObject) {
        return tl::unexpected(read.error());
      }
      if (first_error.message.empty()) first_error = read.error();
    }
  }
  return Missing(std::move(first_error), id, child);
}

std::optional<std::uint32_t> CommitSource::Find(const CommitId& id) const {
  for (const GraphFile& graph : graphs_) {
    if (!graph.file) continue;
    const auto at = graph.file->Find(id);
    if (!at) continue;
    const std::uint32_t number = graph.numbers[*at];
    if (number == kNoVertex) return std::nullopt;
    return number;
  }
  const std::uint32_t found = table_.Find(object_ids_, id);
  if (found == IdTable::kNone) return std::nullopt;
  return objects_[found].number;
}

tl::unexpected<Error> CommitSource::Missing(Error error, const CommitId& id,
                                            std::uint32_t child) const {
  if (child != kNoVertex) {
    error.message += ", a parent of " + IdOf(child).Hex();
  }
  if (repositories_.size() > 1) {
    error.message = "none of the repositories has the commit " + id.Hex() +
                    (child == kNoVertex ? std::string()
                                        : ", a parent of " + IdOf(child).Hex());
  }
  return tl::unexpected(std::move(error));
}

std::uint32_t CommitSource::GetFromFile(std::uint32_t file,
                                        std::uint32_t position) {
  GraphFile& graph = graphs_[file];
  if (graph.numbers[position] != kNoVertex) return graph.numbers[position];
  graph.file->PrefetchParents(position);
  graph.numbers[position] = Enter(graph.file->Date(position), {file, position});
  ++from_commit_graph_;
  return graph.numbers[position];
}

std::uint32_t CommitSource::Enter(std::int64_t date, Place place) {
  const auto number = static_cast<std::uint32_t>(dates_.size());
  dates_.push_back(date);
  places_.push_back(place);
  return number;
}

Result<bool> CommitSource::ReadObject(const Repository::Impl& repo,
                                      const CommitId& id, Object& read,
                                      std::int64_t& date) {
  read.parents_begin = raw_parents_.size();
  REBISECT_ASSIGN_OR_RETURN(const auto header,
                            repo.ReadHeader(id, raw_parents_));
  date = header.date;
  if (repo.substitutions.shallow.count(id) != 0) {
    raw_parents_.resize(read.parents_begin);
  } else if (const auto graft = repo.substitutions.grafts.find(id);
             graft != repo.substitutions.grafts.end()) {
    raw_parents_.resize(read.parents_begin);
    raw_parents_.insert(raw_parents_.end(), graft->second.begin(),
                        graft->second.end());
  }
  read.parent_count =
      static_cast<std::uint32_t>(raw_parents_.size() - read.parents_begin);
  return true;
}

CommitId CommitSource::IdOf(std::uint32_t commit) const {
  const Place place = places_[commit];
  if (place.file == kNoVertex) return object_ids_[place.position];
  return graphs_[place.file].file->Id(place.position);
}

bool CommitSource::IsRoot(std::uint32_t commit) const {
  const Place place = places_[commit];
  if (place.file == kNoVertex) {
    return objects_[place.position].parent_count == 0;
  }
  std::vector<std::uint32_t> parents;
  graphs_[place.file].file->AppendParents(place.position, parents);
  return parents.empty();
}

Result<void> CommitSource::AppendParents(std::uint32_t commit,
                                         std::vector<std::uint32_t>& out) {
  const Place place = places_[commit];
  if (place.file == kNoVertex) {
    const Object object = objects_[place.position];
    for (std::size_t i = 0; i < object.parent_count; ++i) {
      const CommitId id = raw_parents_[object.parents_begin + i];
      REBISECT_ASSIGN_OR_RETURN(const auto number, Get(id, commit));
      out.push_back(number);
    }
    return {};
  }
  positions_.clear();
  graphs_[place.file].file->AppendParents(place.position, positions_);
  for (const std::uint32_t position : positions_) {
    // A commit that several files hold is always taken from the first.
    if (place.file == 0) {
      out.push_back(GetFromFile(0, position));
      continue;
    }
    REBISECT_ASSIGN_OR_RETURN(
        const auto number, Get(graphs_[place.file].file->Id(position), commit));
    out.push_back(number);
  }
  return {};
}

std::vector<CommitId> CommitSource::Ids() const {
  std::vector<CommitId> ids;
  ids.reserve(places_.size());
  for (std::uint32_t commit = 0; commit < places_.size(); ++commit) {
    ids.push_back(IdOf(commit));
  }
  return ids;
}

}  // namespace rebisect
