import Dispatch
import Synchronization

/// Hands the blocks of a table out to threads and takes in what they found.
///
/// Blocks are handed out in file order, and none more after the first that fails; all before it are
/// finished then, so that the first failure in the file is always among those found. More numbers
/// than memory holds are such a failure.
final class TableWork: Sendable {
  typealias Outcome = Result<TableBlock, TableFault>

  private struct State {
    let stream: TableStream
    /// By block; `nil` while a thread is at it.
    var outcomes: [Outcome?] = []
    /// Numbers kept so far.
    var kept = 0
    var isOver = false

    mutating func finish(_ block: Int, _ outcome: Outcome) {
      outcomes[block] = outcome
      switch outcome {
      case .success(let block):
        kept += block.cells.count
        if kept > TableBlock.mostCells { isOver = true }
      case .failure:
        isOver = true
      }
    }
  }

  private let state: Mutex<State>
  private let file: String

  init(_ stream: TableStream, file: String) {
    state = Mutex(State(stream: stream))
    self.file = file
  }

  /// Parses every block.
  ///
  /// - Parameter makeParser: called once a thread; `nil` when memory is short.
  func run(tasks: Int, makeParser: @Sendable () -> (any TableParser)?) {
    DispatchQueue.concurrentPerform(iterations: max(tasks, 1)) { _ in
      let parser = makeParser()
      let buffer = TableBuffer()
      while parseNext(
        into: buffer,
        { text throws(TableFault) in
          guard let parser else { throw .noMemory }
          return try parser.parse(text, from: 0)
        })
      {}
    }
  }

  /// Parses the first block, which begins with the header, then the others.
  func runWithHeader(tasks: Int, ignoring: Set<String>) {
    var found: CSVLayout?
    _ = parseNext(into: TableBuffer()) { text throws(TableFault) in
      let layout = try CSVLayout(text, file: file, ignoring: ignoring)
      found = layout
      return try CSVTableParser(layout).parse(text, from: layout.start)
    }
    guard let layout = found else { return }
    run(tasks: tasks) { CSVTableParser(layout) }
  }

  /// Takes the next block and parses it; `false` if there is none.
  private func parseNext(
    into buffer: TableBuffer,
    _ parse: (UnsafeRawBufferPointer) throws(TableFault) -> TableBlock
  ) -> Bool {
    guard let (block, length) = takeNext(into: buffer) else { return false }
    let text = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<length])
    let outcome: Outcome
    do {
      outcome = .success(try parse(text))
    } catch {
      outcome = .failure(error)
    }
    state.withLock { $0.finish(block, outcome) }
    return true
  }

  private func takeNext(into buffer: TableBuffer) -> (block: Int, length: Int)? {
    state.withLock { state -> (block: Int, length: Int)? in
      guard !state.isOver else { return nil }
      let block = state.outcomes.count
      do throws(TableFault) {
        guard let length = try state.stream.next(into: buffer) else {
          state.isOver = true
          return nil
        }
        state.outcomes.append(nil)
        return (block, length)
      } catch {
        state.outcomes.append(.failure(error))
        state.isOver = true
        return nil
      }
    }
  }

  /// Gives the blocks away, in file order.
  ///
  /// - Throws: `TableError`, the first in the file.
  func takeBlocks() throws(TableError) -> [TableBlock] {
    var blocks: [TableBlock] = []
    var line = 1
    var (rows, kept) = (0, 0)
    let outcomes = state.withLock { state in
      defer { state.outcomes = [] }
      return state.outcomes
    }
    for outcome in outcomes {
      switch outcome {
      case .success(let block):
        line += block.lines
        rows += block.rows
        kept += block.cells.count
        guard kept <= TableBlock.mostCells else {
          throw .tooLarge(file: file, rows: rows, columns: block.columns.count)
        }
        blocks.append(block)
      case .failure(.file(let error)):
        throw error
      case .failure(.line(let offset, let problem)):
        throw .malformed(file: file, line: line + offset, problem: problem)
      case .failure(.noMemory), nil:
        throw .unreadable(file: file, reason: "memory is short")
      }
    }
    return blocks
  }
}
