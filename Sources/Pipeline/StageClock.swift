import Synchronization

/// How long each stage of a run took, and over how many bytes.
public final class StageClock: Sendable {
  public struct Stage: Sendable {
    public let name: String
    public let seconds: Double
    public let bytes: Int64?
  }

  private let recorded = Mutex<[Stage]>([])

  public init() {}

  public var stages: [Stage] { recorded.withLock { $0 } }

  func measure<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    record(name, since: start)
    return result
  }

  func measure<Result>(
    _ name: String, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let start = ContinuousClock.now
    let result = try await body()
    record(name, since: start)
    return result
  }

  func record(_ name: String, since start: ContinuousClock.Instant, bytes: Int64? = nil) {
    let time = start.duration(to: .now).components
    let seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
    recorded.withLock { $0.append(Stage(name: name, seconds: seconds, bytes: bytes)) }
  }
}
