import Foundation
import Ingestion

/// One line on a terminal that says how far reading has come; nothing in a pipe.
struct ProgressLine: Sendable {
  private let progress: IngestionProgress

  /// Shows `progress` while `body` runs.
  static func whileRunning<Result: Sendable>(
    _ progress: IngestionProgress, _ body: () async throws -> Result
  ) async throws -> Result {
    guard isatty(STDERR_FILENO) == 1 else { return try await body() }
    let line = ProgressLine(progress: progress)
    let ticker = Task { await line.tick() }
    defer {
      ticker.cancel()
      Output.writeError("\r\u{1B}[K")
    }
    return try await body()
  }

  private func tick() async {
    let start = ContinuousClock.now
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(200))
      let bytes = progress.bytes
      guard bytes.read > 0, !Task.isCancelled else { continue }
      let seconds = start.duration(to: .now) / .seconds(1)
      let text = Self.text(read: bytes.read, total: bytes.total, seconds: seconds)
      Output.writeError("\r\u{1B}[K\(text)")
    }
  }

  private static func text(read: Int64, total: Int64, seconds: Double) -> String {
    let rate = Double(read) / max(seconds, 0.001)
    var text = "\(read / 1_000_000) MB read, \(Int(rate / 1_000_000)) MB/s"
    if total >= read, total > 0 {
      let remaining = Int((Double(total - read) / rate).rounded(.up))
      text += ", \(100 * read / total) %, "
      text += remaining > 0 ? "\(remaining) s of reading left" : "judging"
    }
    return text
  }
}
