import Foundation
import Ledger

/// Keys in files that only their owner may read.
public enum KeyFile {
  /// Reads a key that signs bundles and checkpoints.
  ///
  /// - Throws: `KeyFileError`, `SigningKeyError`.
  public static func read(_ path: String) throws -> SigningKey {
    try SigningKey(pem: text(of: path))
  }

  /// Reads a key that signs roots and transactions for a ledger.
  ///
  /// - Throws: `KeyFileError`, `LedgerKeyError`.
  public static func readLedgerKey(_ path: String) throws -> LedgerKey {
    try LedgerKey(text: text(of: path))
  }

  /// Writes a new key; never over an existing file.
  ///
  /// - Throws: `KeyFileError`.
  public static func create(_ path: String) throws(KeyFileError) -> SigningKey {
    let key = SigningKey()
    try write(key.pem, to: path)
    return key
  }

  /// Writes a new ledger key; never over an existing file.
  ///
  /// - Throws: `KeyFileError`, `LedgerKeyError`.
  public static func createLedgerKey(_ path: String) throws -> LedgerKey {
    let key = try LedgerKey.random()
    try write(key.text, to: path)
    return key
  }

  private static func text(of path: String) throws(KeyFileError) -> String {
    var status = stat()
    guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
      throw .cannotRead(path)
    }
    guard status.st_mode & 0o077 == 0 else { throw .tooOpen(path) }
    return String(decoding: data, as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) throws(KeyFileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .exists(path) : .cannotWrite(path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(path)
      throw .cannotWrite(path, reason)
    }
  }
}

/// Why a key file cannot be used.
public enum KeyFileError: Error, CustomStringConvertible, Equatable {
  case cannotRead(String)
  case tooOpen(String)
  case exists(String)
  case cannotWrite(String, String)

  public var description: String {
    switch self {
    case .cannotRead(let path): "\(path): no such key file, or no permission"
    case .tooOpen(let path):
      "\(path): others may read this key; run chmod 600 \(path), or make a new key if they did"
    case .exists(let path): "\(path): there is a file already; a key is never overwritten"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
