import Assay
import Foundation

/// What a host works by. The defaults suit a coordinator of a few thousand nodes on two cores.
public struct HostConfiguration: Sendable {
  /// The files that are read at start and again at each reload.
  public var files: VerifierFiles
  /// What one request may hold.
  public var limits = VerifierLimits()
  /// Requests that are judged at a time; the cores by default: judging is all processor.
  public var workers = ProcessInfo.processInfo.activeProcessorCount
  /// Requests that may wait for their turn: at 1 ms each, 256 are a quarter of a second.
  public var waiting = 256
  /// Answers that are kept for callers who ask again.
  public var keptAnswers = 100_000
  /// Bytes that they may take, roughly.
  public var keptBytes = 64 << 20
  /// How long they are kept; longer than a coordinator tries again.
  public var keptFor: Duration = .seconds(3600)
  /// The file that gets a line for each node on which the candidate differs; `nil` for none.
  public var shadowLog: String?
  /// Requests that may wait for the candidate; further ones are not mirrored, and counted.
  public var shadowWaiting = 256
  /// What time it is, for keys that run out and for days; rules take it from here so that tests
  /// need not wait.
  public var now: @Sendable () -> Date = { Date() }

  public init(files: VerifierFiles) {
    self.files = files
  }
}
