import Contributions
import Foundation

/// What a transparency log says of a bundle: which statement was made for which run.
public struct LogEntry: Hashable, Sendable {
  public let epoch: UInt64
  public let profile: String
  public let revision: UInt32
  /// SHA-256 of `statement.json`, with `0x`.
  public let statement: String

  /// The most bytes of an entry; a profile's name is the only part without a length of its own.
  public static let largestByteCount = 4096

  /// The entry of a bundle, from the bytes of its `statement.json`.
  ///
  /// - Throws: `LogFolderError.notAStatement` when epoch, profile or revision are missing, or too
  ///   large to be written.
  public init(statement: [UInt8]) throws(LogFolderError) {
    let wire: Wire
    do {
      wire = try JSONDecoder().decode(Wire.self, from: Data(statement))
    } catch {
      throw .notAStatement("it does not name epoch, profile and revision: \(error)")
    }
    epoch = wire.predicate.epoch
    profile = wire.predicate.profile
    revision = wire.predicate.revision
    self.statement = "0x" + Documents.sha256(statement)
    guard epoch <= UInt64(CanonicalJSON.largestInteger) else {
      throw .notAStatement("epoch \(epoch) is above 2^53 - 1")
    }
    guard bytes.count <= Self.largestByteCount else {
      throw .notAStatement("its profile has a name of \(profile.utf8.count) bytes")
    }
  }

  /// Reads an entry of a log; nil for anything but the one form.
  public init?(bytes: [UInt8]) {
    guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else { return nil }
    epoch = line.epoch
    profile = line.profile
    revision = line.revision
    statement = line.statement
    guard bytes == self.bytes, statement.utf8.starts(with: "0x".utf8),
      Hex.decode(statement.dropFirst(2))?.count == 32
    else { return nil }
  }

  /// The entry as the log holds it: RFC 8785 (JCS), no line feed.
  public var bytes: [UInt8] {
    CanonicalJSON.object([
      "epoch": .clamped(Int64(clamping: epoch)), "profile": .string(profile),
      "revision": .integer(Int64(revision)), "statement": .string(statement),
    ]).bytes
  }

  private struct Line: Decodable {
    let epoch: UInt64
    let profile: String
    let revision: UInt32
    let statement: String
  }

  private struct Wire: Decodable {
    struct Predicate: Decodable {
      let epoch: UInt64
      let profile: String
      let revision: UInt32
    }
    let predicate: Predicate
  }
}
