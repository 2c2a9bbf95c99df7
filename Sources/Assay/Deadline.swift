/// When an answer has to be ready.
struct Deadline: Sendable {
  private let end: ContinuousClock.Instant

  init(milliseconds: Int) {
    end = .now + .milliseconds(milliseconds)
  }

  /// - Throws: `Lapse` once the time is over or the task is cancelled.
  func check() throws(Lapse) {
    if Task.isCancelled { throw .cancelled }
    if ContinuousClock.now >= end { throw .passed }
  }

  /// Why judging stopped halfway.
  enum Lapse: Error, CustomStringConvertible {
    case passed
    case cancelled

    var description: String {
      switch self {
      case .passed: "the deadline passed before the answer was ready"
      case .cancelled: "the request was cancelled"
      }
    }
  }
}
