import Foundation
import Testing

@testable import Ingestion

/// A file with `text`, read as a table.
func table(
  _ text: String, name: String = "table.csv", ignoring: Set<String> = [], tasks: Int = 2
) throws(TableError) -> NumericTable {
  try table(Array(text.utf8), name: name, ignoring: ignoring, tasks: tasks)
}

func table(
  _ bytes: [UInt8], name: String = "table.csv", ignoring: Set<String> = [], tasks: Int = 2,
  blockSize: Int = TableReader.blockSize
) throws(TableError) -> NumericTable {
  guard let folder = try? Folder(), let path = try? folder.write(bytes, name) else {
    throw .unreadable(file: name, reason: "the test could not write it")
  }
  do {
    return try TableReader.read(path, ignoring: ignoring, tasks: tasks, blockSize: blockSize)
  } catch {
    throw error.renamed(name)
  }
}

/// What is wrong with a table, and on which line.
func problem(
  _ text: String, name: String = "table.csv", ignoring: Set<String> = []
) -> (line: Int, problem: TableProblem)? {
  problem(Array(text.utf8), name: name, ignoring: ignoring)
}

func problem(
  _ bytes: [UInt8], name: String = "table.csv", ignoring: Set<String> = []
) -> (line: Int, problem: TableProblem)? {
  do {
    _ = try table(bytes, name: name, ignoring: ignoring)
  } catch {
    if case .malformed(_, let line, let problem) = error { return (line, problem) }
    Issue.record("\(error)")
  }
  return nil
}

extension NumericTable {
  /// The values' bits, with one NaN for all.
  var bits: [UInt64] { values.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
}

extension TableError {
  /// The error with another name for the file: tests write to folders with random names.
  func renamed(_ name: String) -> TableError {
    switch self {
    case .unreadable(_, let reason): .unreadable(file: name, reason: reason)
    case .damaged(_, let reason): .damaged(file: name, reason: reason)
    case .empty(_, let reason): .empty(file: name, reason: reason)
    case .noSuchColumn(_, let column, let columns):
      .noSuchColumn(file: name, name: column, columns: columns)
    case .tooLarge(_, let rows, let columns): .tooLarge(file: name, rows: rows, columns: columns)
    case .malformed(_, let line, let problem):
      .malformed(file: name, line: line, problem: problem)
    }
  }
}
