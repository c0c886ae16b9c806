#include "harness/experiment/store/sqlite.h"

#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// How long to wait for another process to end its transaction, which takes
/// well below a second.
constexpr int kBusyTimeoutMs = 5000;

std::string SystemReason(sqlite3* handle) {
  const int number = sqlite3_system_errno(handle);
  if (number == 0) return "";
  return ": " + std::error_code(number, std::generic_category()).message();
}

/// Whether the file is one of SQLite's, as far as it has bytes. (SQLite takes
/// a file of a few bytes, whatever they are, for an empty database.)
bool BeginsLikeOne(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::array<char, kMagic.size()> bytes{};
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  const auto got = static_cast<std::size_t>(file.gcount());
  return kMagic.substr(0, got) == std::string_view(bytes.data(), got);
}

tl::unexpected<Error> NoStore(const Position& where) {
  return Fail(ErrorCode::kInput,
              "this is no result store; give one that `rebisect simulate "
              "--store` made, or the name of a new file",
              where);
}

tl::unexpected<Error> Failure(sqlite3* handle, const std::string& path) {
  const Position where{path, 0, 0};
  switch (sqlite3_errcode(handle)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fail(ErrorCode::kPermission,
                  "another process is using the store; wait for it to end, or "
                  "give each its own store and put them together with "
                  "`rebisect results merge`",
                  where);
    case SQLITE_FULL:
      return Fail(ErrorCode::kInput,
                  "the disk is full; what was stored before is safe: make "
                  "room, and run the command again",
                  where);
    case SQLITE_IOERR:
      return Fail(ErrorCode::kInput,
                  "the store could not be read or written" +
                      SystemReason(handle) +
                      "; what was stored before is safe: see to the disk, and "
                      "run the command again",
                  where);
    case SQLITE_NOTADB:
      return NoStore(where);
    case SQLITE_CORRUPT:
      return Fail(ErrorCode::kInput,
                  std::string("the store is damaged (") +
                      sqlite3_errmsg(handle) +
                      "); take a copy of it, or run the experiment into a new "
                      "one",
                  where);
    case SQLITE_CANTOPEN:
      return Fail(ErrorCode::kPermission,
                  "the store cannot be opened" + SystemReason(handle) +
                      "; see that its folder is there and may be written",
                  where);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Fail(ErrorCode::kPermission,
                  "the store may not be written; see to the permissions of "
                  "the file and of its folder",
                  where);
    default:
      return Fail(ErrorCode::kInput,
                  std::string("the store cannot be used (") +
                      sqlite3_errmsg(handle) +
                      "); see that it is one, and that no other program has "
                      "changed it",
                  where);
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

// Binding fails only for parameters that the statement has not, and where
// memory ends.
void Statement::Bind(std::int64_t value) {
  REBISECT_CHECK(sqlite3_bind_int64(statement_.get(), ++bound_, value) ==
                 SQLITE_OK);
}

void Statement::Bind(double value) {
  REBISECT_CHECK(sqlite3_bind_double(statement_.get(), ++bound_, value) ==
                 SQLITE_OK);
}

void Statement::Bind(std::string_view text) {
  REBISECT_CHECK(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(),
                                     text.size(), SQLITE_STATIC,
                                     SQLITE_UTF8) == SQLITE_OK);
}

void Statement::Bind(Blob blob) {
  // An empty view may point nowhere, which SQLite takes for NULL.
  const char* const data = blob.bytes.empty() ? "" : blob.bytes.data();
  REBISECT_CHECK(sqlite3_bind_blob64(statement_.get(), ++bound_, data,
                                     blob.bytes.size(),
                                     SQLITE_STATIC) == SQLITE_OK);
}

Result<bool> Statement::Next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    Reset();
    return false;
  }
  auto failure = Failure(sqlite3_db_handle(statement_.get()), *path_);
  Reset();
  return failure;
}

Result<void> Statement::Finish() {
  REBISECT_RETURN_IF_ERROR(Next());
  Reset();
  return {};
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

std::int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::Real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::Bytes(int column) const {
  const void* const data = sqlite3_column_blob(statement_.get(), column);
  if (data == nullptr) return "";
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Result<Database> Database::Open(const std::string& path, bool create) {
  const Position where{path, 0, 0};
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::directory) {
    return Fail(ErrorCode::kInput, "this is a folder; give the file of a store",
                where);
  }
  if (std::filesystem::exists(status) &&
      !std::filesystem::is_regular_file(status)) {
    return Fail(ErrorCode::kInput,
                "this is no regular file; give the file of a store", where);
  }
  if (!std::filesystem::exists(status) && !create) {
    return Fail(ErrorCode::kNotFound,
                "there is no such store; `rebisect simulate --store` makes one",
                where);
  }
  // An absolute path is never one of SQLite's special names.
  const auto absolute = std::filesystem::absolute(path, error);
  if (path.empty() || error) {
    return Fail(ErrorCode::kUsage, "a store needs the name of a file", where);
  }
  if (!BeginsLikeOne(path)) return NoStore(where);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      absolute.c_str(), &raw,
      SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), nullptr);
  std::unique_ptr<sqlite3, Close> handle(raw);
  REBISECT_CHECK(handle != nullptr);
  if (code != SQLITE_OK) return Failure(handle.get(), path);
  sqlite3_busy_timeout(handle.get(), kBusyTimeoutMs);
  sqlite3_extended_result_codes(handle.get(), 0);
  // A store may come from anywhere: its schema is not trusted.
  sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return Database(std::move(handle), path);
}

bool Database::ReadOnly() const {
  return sqlite3_db_readonly(handle_.get(), "main") == 1;
}

Result<void> Database::Execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) !=
      SQLITE_OK) {
    return Failure(handle_.get(), *path_);
  }
  return {};
}

Result<Statement> Database::Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr) !=
      SQLITE_OK) {
    return Failure(handle_.get(), *path_);
  }
  return Statement(statement, path_.get());
}

Result<std::int64_t> Database::Integer(const char* sql) {
  REBISECT_ASSIGN_OR_RETURN(auto statement, Prepare(sql));
  REBISECT_ASSIGN_OR_RETURN(const auto row, statement.Next());
  REBISECT_CHECK(row);
  return statement.Integer(0);
}

bool Database::InTransaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

}  // namespace rebisect
