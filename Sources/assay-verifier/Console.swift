import ArgumentParser
import Foundation
import Intake
import Logging
import NIOCore
import ServiceSupport
import VerifierService

/// What the command says, where, and with which exit code it ends.
enum Console {
  static let logger = Logger(label: "assay-verifier")

  static func start() {
    // A reader that goes away is no reason to die of a signal.
    signal(SIGPIPE, SIG_IGN)
    LoggingSystem.bootstrap { _ in JSONLogHandler() }
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
    case is SettingsError: 2
    case is SetupError, is InputMissing: 3
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
