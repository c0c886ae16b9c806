#include "sim/git/commit_source.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/git/commit_text.h"

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
      notes_.push_back("note: not used: " + FormatError(file.error()));
      continue;
    }
    if (!*file) continue;
    graphs_.back().numbers.assign((*file)->size(), kNoVertex);
    graphs_.back().file = std::move(**file);
  }
}

Result<std::uint32_t> CommitSource::Get(const CommitId& id,
                                        std::uint32_t child) {
  for (std::uint32_t i = 0; i < graphs_.size(); ++i) {
    if (!graphs_[i].file) continue;
    if (const auto at = graphs_[i].file->Find(id)) return GetFromFile(i, *at);
  }
  const std::uint32_t found = table_.Find(ids_, id);
  if (found != IdTable::kNone) return found;
  Error first_error;
  Place place;
  std::int64_t date = 0;
  // One that is cut off here may be whole in the next repository.
  for (const bool take_shallow : {false, true}) {
    for (const Repository* repository : repositories_) {
      const Repository::Impl& impl = repository->impl();
      if ((impl.substitutions.shallow.count(id) != 0) != take_shallow) {
        continue;
      }
      const auto read = ReadObject(impl, id, place, date);
      if (read) {
        table_.FindOrAdd(ids_, id, static_cast<std::uint32_t>(ids_.size()));
        return Enter(id, date, place);
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
  const std::uint32_t found = table_.Find(ids_, id);
  if (found == IdTable::kNone) return std::nullopt;
  return found;
}

tl::unexpected<Error> CommitSource::Missing(Error error, const CommitId& id,
                                            std::uint32_t child) const {
  if (child != kNoVertex) {
    error.message += ", a parent of " + ids_[child].Hex();
  }
  if (repositories_.size() > 1) {
    error.message = "none of the repositories has the commit " + id.Hex() +
                    (child == kNoVertex ? std::string()
                                        : ", a parent of " + ids_[child].Hex());
  }
  return tl::unexpected(std::move(error));
}

std::uint32_t CommitSource::GetFromFile(std::uint32_t file,
                                        std::uint32_t position) {
  GraphFile& graph = graphs_[file];
  if (graph.numbers[position] != kNoVertex) return graph.numbers[position];
  Place place;
  place.file = file;
  place.position = position;
  graph.file->PrefetchParents(position);
  graph.numbers[position] =
      Enter(CommitId(), graph.file->Date(position), place);
  ++from_commit_graph_;
  return graph.numbers[position];
}

std::uint32_t CommitSource::Enter(const CommitId& id, std::int64_t date,
                                  Place place) {
  const auto number = static_cast<std::uint32_t>(ids_.size());
  ids_.push_back(id);
  dates_.push_back(date);
  places_.push_back(place);
  return number;
}

Result<bool> CommitSource::ReadObject(const Repository::Impl& repo,
                                      const CommitId& id, Place& place,
                                      std::int64_t& date) {
  const auto replaced = repo.substitutions.Replaced(id);
  if (!replaced) return tl::unexpected(replaced.error());
  const auto object = repo.ReadCommit(*replaced);
  if (!object) return tl::unexpected(object.error());
  place = Place();
  place.parents_begin = raw_parents_.size();
  CommitHeader header;
  if (!ReadCommitHeader(
          {static_cast<const char*>(git_odb_object_data(object->get())),
           git_odb_object_size(object->get())},
          header, raw_parents_)) {
    return Fail(ErrorCode::kInput,
                "the commit " + replaced->Hex() +
                    " has a malformed header; 'git fsck' says more",
                {repo.path, 0, 0});
  }
  date = header.date;
  if (repo.substitutions.shallow.count(id) != 0) {
    raw_parents_.resize(place.parents_begin);
  } else if (const auto graft = repo.substitutions.grafts.find(id);
             graft != repo.substitutions.grafts.end()) {
    raw_parents_.resize(place.parents_begin);
    raw_parents_.insert(raw_parents_.end(), graft->second.begin(),
                        graft->second.end());
  }
  place.parent_count =
      static_cast<std::uint32_t>(raw_parents_.size() - place.parents_begin);
  return true;
}

bool CommitSource::IsRoot(std::uint32_t commit) const {
  const Place& place = places_[commit];
  if (place.file == kNoVertex) return place.parent_count == 0;
  std::vector<std::uint32_t> parents;
  graphs_[place.file].file->AppendParents(place.position, parents);
  return parents.empty();
}

Result<void> CommitSource::AppendParents(std::uint32_t commit,
                                         std::vector<std::uint32_t>& out) {
  const Place place = places_[commit];
  if (place.file == kNoVertex) {
    for (std::size_t i = 0; i < place.parent_count; ++i) {
      const CommitId id = raw_parents_[place.parents_begin + i];
      const auto number = Get(id, commit);
      if (!number) return tl::unexpected(number.error());
      out.push_back(*number);
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
    const auto number = Get(graphs_[place.file].file->Id(position), commit);
    if (!number) return tl::unexpected(number.error());
    out.push_back(*number);
  }
  return {};
}

std::vector<CommitId> CommitSource::TakeIds() {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    if (place.file == kNoVertex) continue;
    ids_[i] = graphs_[place.file].file->Id(place.position);
  }
  return std::move(ids_);
}

}  // namespace rebisect
