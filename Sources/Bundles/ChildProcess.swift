import Foundation

/// A program that is run to its end, without a shell.
///
/// Input and output are nameless files in memory, not pipes: neither a program that reads nothing
/// nor one that prints much can make anybody wait, and a full disk is no matter.
public enum ChildProcess {
  /// How a program ended.
  public enum Ending: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// It took longer than it was given, and was killed with what it had started.
    case timedOut
  }

  public struct Result: Sendable {
    public let ending: Ending
    /// What it printed on standard output; empty unless that was collected.
    public let output: [UInt8]
  }

  /// A program that could not be started.
  public struct StartError: Error, CustomStringConvertible, Equatable {
    public let program: String
    public let reason: String

    public var description: String { "\(program): \(reason)" }
  }

  /// Runs a program; its messages go to the standard error of this process.
  ///
  /// - Parameters:
  ///   - arguments: the program, looked for in `PATH`, and its arguments.
  ///   - input: what it reads on standard input; nothing by default.
  ///   - isCollected: whether its output comes back; otherwise it goes to our standard output.
  ///   - timeout: after which it is killed; by default it may take as long as it likes.
  /// - Throws: `StartError` when there is no such program, or no room for it.
  public static func run(
    _ arguments: [String], input: [UInt8] = [], isCollected: Bool = true,
    timeout: Duration? = nil
  ) throws(StartError) -> Result {
    guard let program = arguments.first else {
      throw StartError(program: "command", reason: "it is empty")
    }
    do {
      let standardInput = try MemoryFile(holding: input)
      let standardOutput = isCollected ? try MemoryFile(holding: []) : nil
      let process = try Spawning(
        input: standardInput.descriptor, output: standardOutput?.descriptor,
        isAlone: timeout != nil
      ).start(arguments)
      let ending = try process.wait(timeout)
      return Result(ending: ending, output: try standardOutput?.bytes() ?? [])
    } catch let number as SystemError {
      throw StartError(program: program, reason: number.description)
    } catch {
      throw StartError(program: program, reason: "\(error)")
    }
  }
}

/// An error number of the system.
private struct SystemError: Error, CustomStringConvertible {
  let number: Int32

  var description: String { String(cString: strerror(number)) }

  static var last: SystemError { SystemError(number: errno) }

  /// Throws what functions of the `posix_spawn` family return.
  static func check(_ number: Int32) throws(SystemError) {
    if number != 0 { throw SystemError(number: number) }
  }
}

/// A file without a name that lies in memory.
private final class MemoryFile {
  let descriptor: Int32

  /// A file to be read from its beginning.
  init(holding bytes: [UInt8]) throws {
    let name = "/assay-\(UUID().uuidString)"
    // Closed in programs that are started, as POSIX has it of shared memory.
    descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw SystemError.last }
    shm_unlink(name)
    try AtomicFile.write(bytes, to: descriptor, path: "memory")
    lseek(descriptor, 0, SEEK_SET)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// All that was written to it.
  func bytes() throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &part, part.count, off_t(bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
  }
}

/// How a program is started.
private struct Spawning {
  let input: Int32
  let output: Int32?
  /// Whether it gets a process group of its own, so that it can be killed with all of its children.
  let isAlone: Bool

  func start(_ arguments: [String]) throws(SystemError) -> RunningProcess {
    var actions = posix_spawn_file_actions_t()
    try SystemError.check(posix_spawn_file_actions_init(&actions))
    defer { posix_spawn_file_actions_destroy(&actions) }
    try SystemError.check(posix_spawn_file_actions_adddup2(&actions, input, 0))
    if let output { try SystemError.check(posix_spawn_file_actions_adddup2(&actions, output, 1)) }
    var attributes = posix_spawnattr_t()
    try SystemError.check(posix_spawnattr_init(&attributes))
    defer { posix_spawnattr_destroy(&attributes) }
    // We ignore broken pipes; a program that does not expect this would write into one for ever.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    try SystemError.check(posix_spawnattr_setsigdefault(&attributes, &signals))
    // Threads of a pool block signals, and what they start would never hear of any.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    try SystemError.check(posix_spawnattr_setsigmask(&attributes, &blocked))
    let flags =
      POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (isAlone ? POSIX_SPAWN_SETPGROUP : 0)
    try SystemError.check(posix_spawnattr_setflags(&attributes, Int16(flags)))

    let words = arguments.map { strdup($0) } + [nil]
    let environment =
      ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + environment { free(text) } }
    var identifier: pid_t = 0
    try SystemError.check(
      posix_spawnp(&identifier, arguments[0], &actions, &attributes, words, environment))
    return RunningProcess(identifier: identifier)
  }
}

/// A program at work. It has to be waited for.
private struct RunningProcess {
  let identifier: pid_t

  func wait(_ timeout: Duration?) throws(SystemError) -> ChildProcess.Ending {
    guard let timeout else { return try ending(0) ?? .exited(0) }
    let deadline = ContinuousClock.now.advanced(by: timeout)
    while ContinuousClock.now < deadline {
      if let ending = try ending(WNOHANG) { return ending }
      usleep(10_000)
    }
    kill(-identifier, SIGKILL)
    _ = try ending(0)
    return .timedOut
  }

  /// How it ended; `nil` while it has not.
  private func ending(_ options: Int32) throws(SystemError) -> ChildProcess.Ending? {
    var status: Int32 = 0
    while true {
      let found = waitpid(identifier, &status, options)
      if found == 0 { return nil }
      if found == identifier { break }
      guard errno == EINTR else { throw .last }
    }
    // The macros of <sys/wait.h>, which Swift does not import.
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}
