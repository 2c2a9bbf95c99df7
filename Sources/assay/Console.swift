import ArgumentParser
import Bundles
import Chain
import Detection
import Foundation
import Ingestion
import Ledger
import Logging
import Nightly
import Pipeline
import ProfileFiles
import Simulation
import Verdicts

/// What the command says, where, and with which exit code it ends.
enum Console {
  /// Messages for people, on standard error.
  static let logger = Logger(label: "assay")

  static func start() {
    // A reader that goes away, as in `assay … | head`, is no reason to die of a signal.
    signal(SIGPIPE, SIG_IGN)
    LoggingSystem.bootstrap { _ in PlainLogHandler() }
  }

  static func print(_ text: String) {
    Output.write(text + "\n")
  }

  /// Prints lines that may hold text from files.
  static func printLines(_ lines: [String]) {
    for line in lines { print(Terminal.safe(line)) }
  }

  /// Prints one JSON document: keys sorted, in snake case.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Says what went wrong and returns the exit code.
  static func report(_ error: any Error) -> Int32 {
    // What has to be said was said already.
    if let code = error as? ExitCode { return code.rawValue }
    if let failure = error as? CheckFailed {
      logger.error("\(Terminal.safe(failure.description))")
      return 1
    }
    let code = exitCode(of: error)
    if code != nil {
      logger.error("\(Terminal.safe("\(error)"))")
      return code ?? 5
    }
    let parserCode = Assay.exitCode(for: error)
    let message = Assay.fullMessage(for: error)
    if parserCode == .success {
      print(message)
      return 0
    }
    if parserCode == .validationFailure {
      Output.writeError(message + "\n")
      return 2
    }
    logger.error("internal error: \(Terminal.safe("\(error)"))")
    return 5
  }

  private static func exitCode(of error: any Error) -> Int32? {
    switch error {
    case is TableError: return 3
    case is NightlyError: return 2
    case let error as IngestionError:
      if case .spill = error { return 4 }
      return 3
    case let error as BundleError:
      switch error {
      case .cannotWrite, .exists: return 4
      case .cannotRead, .malformed, .noSuchNode: return 3
      }
    case let error as PipelineError:
      switch error {
      case .unknownProfile: return 2
      case .cannotWrite: return 4
      default: return 3
      }
    case let error as SimulationError:
      switch error {
      case .exists, .cannotWrite: return 4
      default: return 2
      }
    case let error as StateError:
      if case .cannotWrite = error { return 4 }
      return 3
    case let error as KeyFileError:
      switch error {
      case .exists, .cannotWrite: return 4
      case .cannotRead, .tooOpen: return 3
      }
    case let error as ChainError:
      switch error {
      case .notAnAddress: return 2
      case .unreachable, .unexpected, .notObserved: return 4
      default: return 1
      }
    case let error as LogFolderError:
      if case .cannotWrite = error { return 4 }
      return 3
    case let error as RootSigningError:
      if case .signerCommand = error { return 4 }
      return 3
    case let error as DSSEError:
      if case .duplicateSigner = error { return 2 }
      return 5
    case is ProfileFileError, is PolicyError, is DetectionError, is SigningKeyError,
      is LedgerKeyError, is LedgerConfigurationError, is RootApprovalError, is DecisionError,
      is AddressError, is DigestError, is LogError:
      return 3
    default: return nil
    }
  }
}

/// A check that the command was asked for, and that failed: exit code 1.
struct CheckFailed: Error, CustomStringConvertible {
  let description: String
}

/// Log messages as one plain line on standard error.
struct PlainLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let prefix =
      switch event.level {
      case .warning: "assay: warning: "
      case .error, .critical: "assay: error: "
      default: "assay: "
      }
    Output.writeError("\(prefix)\(event.message)\n")
  }
}
