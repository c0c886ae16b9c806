#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sim/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rebisect {

/// The part of SQLite that a store needs, with errors as values: what went
/// wrong in words, and what to do. No thread may use one while another does.

/// A blob to bind.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement. Borrows its database.
class Statement {
 public:
  /// Binds the next parameter. Text and blobs are borrowed until the
  /// statement is reset.
  void Bind(std::int64_t value);
  void Bind(double value);
  void Bind(std::string_view text);
  void Bind(const char* text) { Bind(std::string_view(text)); }
  void Bind(const std::string& text) { Bind(std::string_view(text)); }
  void Bind(Blob blob);

  /// Binds all, runs a statement without rows to its end, resets it.
  template <class... Values>
  [[nodiscard]] Result<void> Run(const Values&... values) {
    (Bind(values), ...);
    return Finish();
  }

  /// Begins a query anew with these parameters, which are copied nowhere.
  template <class... Values>
  void Begin(const Values&... values) {
    Reset();
    (Bind(values), ...);
  }
  /// The next row: false when there is none, and the statement is then reset.
  [[nodiscard]] Result<bool> Next();
  void Reset();

  // Columns of the row, from 0. Another type is converted.
  [[nodiscard]] std::int64_t Integer(int column) const;
  [[nodiscard]] double Real(int column) const;
  /// Text and blobs.
  [[nodiscard]] std::string Bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  Statement(sqlite3_stmt* statement, const std::string* path)
      : statement_(statement), path_(path) {}
  [[nodiscard]] Result<void> Finish();

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* path_;
  int bound_ = 0;
};

class Database {
 public:
  /// Opens a file for reading and, where permissions allow it, for writing.
  /// Errors: kNotFound, kPermission, kInput.
  [[nodiscard]] static Result<Database> Open(const std::string& path,
                                             bool create);

  [[nodiscard]] bool ReadOnly() const;
  [[nodiscard]] const std::string& path() const { return *path_; }

  /// Statements without rows.
  [[nodiscard]] Result<void> Execute(const std::string& sql);
  [[nodiscard]] Result<Statement> Prepare(const char* sql);
  /// The first column of the first row. REQUIRES: there is one.
  [[nodiscard]] Result<std::int64_t> Integer(const char* sql);
  /// Whether a transaction is under way.
  [[nodiscard]] bool InTransaction() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };

  Database(std::unique_ptr<sqlite3, Close> handle, const std::string& path)
      : handle_(std::move(handle)),
        path_(std::make_unique<std::string>(path)) {}

  std::unique_ptr<sqlite3, Close> handle_;
  /// Statements borrow it: it stays where it is when the object moves.
  std::unique_ptr<std::string> path_;
};

/// A count as SQLite stores it, and as it is read: one below zero becomes so
/// large that a check of the results refuses it.
[[nodiscard]] constexpr std::int64_t StoredCount(std::uint64_t count) {
  return static_cast<std::int64_t>(count);
}
[[nodiscard]] constexpr std::uint64_t CountStored(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

}  // namespace rebisect
