import Foundation
import Synchronization

/// Keeps a second process out of an intake's folder, until it is given back or this value is gone.
final class FolderLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// - Throws: `IntakeError.locked`, `.cannotWrite`.
  init(folder: String) throws(IntakeError) {
    let path = "\(folder)/lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw Disk.failure(path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = try? Disk.read(descriptor, at: 0, count: 32, path: path)
      close(descriptor)
      let text = String(decoding: holder ?? [], as: UTF8.self)
      throw .locked(path: path, holder: text.isEmpty ? "another process" : "process \(text)")
    }
    // The number is for people only: the lock itself is the kernel's.
    let number = String(getpid())
    ftruncate(descriptor, 0)
    pwrite(descriptor, number, number.utf8.count, 0)
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    giveBack()
  }

  func giveBack() {
    descriptor.withLock { descriptor in
      if let descriptor { close(descriptor) }
      descriptor = nil
    }
  }
}
