import Foundation
import Synchronization

/// Keeps a store from being replaced under those who use it: users share the lock on a file beside
/// it, a restore wants it alone. The lock goes with the process, however it ends.
final class StoreLock: Sendable {
  private let descriptor: Mutex<Int32>

  /// - Throws: `ReviewError.database` where the file cannot be locked.
  init(path: String, isAlone: Bool) throws(ReviewError) {
    let file = path + ".lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .database("\(file): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, (isAlone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
      close(descriptor)
      throw .database(
        isAlone ? "\(path) is in use; stop what uses it first" : "\(path) is being restored")
    }
    self.descriptor = Mutex(descriptor)
  }

  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }

  deinit { release() }
}
