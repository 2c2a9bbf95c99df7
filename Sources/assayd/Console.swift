import ArgumentParser
import Foundation
import Logging
import NIOCore
import ProfileFiles
import Review
import Service
import ServiceSupport

/// What the command says, where, and with which exit code it ends.
enum Console {
  static let logger = Logger(label: "assayd")

  static func start() {
    // A reader that goes away is no reason to die of a signal.
    signal(SIGPIPE, SIG_IGN)
    LoggingSystem.bootstrap { _ in JSONLogHandler() }
  }

  /// Prints text that may hold names from outside: control and format characters are shown.
  static func print(_ text: String) {
    let safe = text.unicodeScalars.map { scalar -> String in
      let category = scalar.properties.generalCategory
      let isHarmless =
        category != .control && category != .format && category != .lineSeparator
        && category != .paragraphSeparator
      return isHarmless ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    write(Array((safe.joined() + "\n").utf8))
  }

  /// Writes bytes to standard output as they are.
  static func write(_ bytes: [UInt8]) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
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
    let parserCode = Assayd.exitCode(for: error)
    let message = Assayd.fullMessage(for: error)
    if parserCode == .success {
      write(Array((message + "\n").utf8))
      return 0
    }
    if parserCode == .validationFailure {
      FileHandle.standardError.write(Data((message + "\n").utf8))
      return 2
    }
    logger.error("internal error: \(error)")
    return 5
  }

  private static func exitCode(of error: any Error) -> Int32? {
    switch error {
    case is InputMissing, is ProfileFileError, is FrontKeysError: return 3
    case is SettingsError: return 2
    case is IOError: return 4
    case let error as ReviewError:
      switch error {
      case .bundleRefused, .appealRefused, .auditBroken: return 1
      case .badInput, .notAllowed, .needsComment, .ownApproval, .wrongPassword, .locked: return 2
      case .notFound, .stale, .takenBy, .alreadyImported, .newerStore: return 3
      case .database: return 4
      }
    default: return nil
    }
  }
}
