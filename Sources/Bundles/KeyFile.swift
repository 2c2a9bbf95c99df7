import Foundation
import Ledger

/// Signing keys in files that only their owner may read.
public enum KeyFile {
  /// Reads a key.
  ///
  /// - Throws: `KeyFileError`, `SigningKeyError`.
  public static func read(_ path: String) throws -> SigningKey {
    var status = stat()
    guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
      throw KeyFileError.cannotRead(path)
    }
    guard status.st_mode & 0o077 == 0 else { throw KeyFileError.tooOpen(path) }
    return try SigningKey(pem: String(decoding: data, as: UTF8.self))
  }

  /// Writes a new key; never over an existing file.
  ///
  /// - Throws: `KeyFileError`.
  public static func create(_ path: String) throws(KeyFileError) -> SigningKey {
    let key = SigningKey()
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .exists(path) : .cannotWrite(path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    let bytes = Array(key.pem.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(path)
      throw .cannotWrite(path, reason)
    }
    return key
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
