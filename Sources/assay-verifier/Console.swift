import ArgumentParser
import Contributions
import Foundation
import Intake
import Logging
import NIOCore
import VerifierService

/// A value of an option or a setting that cannot be: exit code 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String
}

/// What the command says, where, and with which exit code it ends.
enum Console {
  static let logger = Logger(label: "assay-verifier")

  static func start() {
    // A reader that goes away is no reason to die of a signal.
    signal(SIGPIPE, SIG_IGN)
    LoggingSystem.bootstrap { _ in LineLog() }
  }

  /// A logger that leaves out what is below `level`.
  static func logger(_ level: Logger.Level) -> Logger {
    var logger = logger
    logger.logLevel = level
    return logger
  }

  /// Writes a line to standard output.
  static func print(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      Foundation.exit(4)
    }
  }

  /// Says what went wrong and returns the exit code.
  static func report(_ error: any Error) -> Int32 {
    if let code = exitCode(of: error) {
      logger.error("\(error)")
      return code
    }
    let message = AssayVerifier.fullMessage(for: error)
    switch AssayVerifier.exitCode(for: error) {
    case .success:
      print(message)
      return 0
    case .validationFailure:
      try? FileHandle.standardError.write(contentsOf: Data((message + "\n").utf8))
      return 2
    default:
      logger.error("internal error: \(error)")
      return 5
    }
  }

  private static func exitCode(of error: any Error) -> Int32? {
    switch error {
    case is UsageError: 2
    case is SetupError: 3
    case is IOError: 4
    case let error as IntakeError:
      switch error {
      case .damaged: 1
      case .cannotWrite, .cannotRead, .diskFull, .locked, .busy: 4
      default: 3
      }
    default: nil
    }
  }
}

/// Log messages as lines of JSON on standard error: time, level, message, and what came with it.
struct LineLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var members: [String: CanonicalJSON] = [:]
    for (key, value) in metadata { members[Self.name(key)] = .string("\(value)") }
    for (key, value) in event.metadata ?? [:] { members[Self.name(key)] = .string("\(value)") }
    members["time"] = .string(Self.time)
    members["level"] = .string(event.level.rawValue)
    members["message"] = .string("\(event.message)")
    var line = CanonicalJSON.object(members).bytes
    line.append(10)
    // One write a line, so that lines of several threads do not mix.
    try? FileHandle.standardError.write(contentsOf: Data(line))
  }

  /// Now, as `2026-01-31T23:59:59.999Z`; a formatter would cost more than the rest of the line.
  private static var time: String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    func digits(_ value: Int, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(count - text.utf8.count, 0)) + text
    }
    let second = now.tv_sec % 86_400
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { digits($0, 2) }
    let day = Epoch(day: Int64(now.tv_sec / 86_400))
    return "\(day)T\(clock.joined(separator: ":")).\(digits(now.tv_nsec / 1_000_000, 3))Z"
  }

  private static func name(_ key: String) -> String { key == "hb.request.id" ? "request" : key }
}
