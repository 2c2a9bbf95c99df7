import Bundles

/// Runs the programs that the night's work consists of.
///
/// Each is a process of its own: a step that crashes is one that failed, and the night goes on.
struct NightCommands: Sendable {
  /// Where messages for people go.
  let say: @Sendable (String) -> Void

  /// Runs a command to its end.
  ///
  /// - Returns: its exit code, 4 when it cannot be started, 5 when a signal ended it; and what it
  ///   printed.
  func call(_ command: [String]) -> (code: Int32, output: [UInt8]) {
    do {
      let result = try ChildProcess.run(command)
      if case .exited(let code) = result.ending { return (code, result.output) }
      say("\(command[0]): \(Self.text(result.ending))")
      return (5, result.output)
    } catch {
      say("\(error)")
      return (4, [])
    }
  }

  /// Hands a document to a hook; whether it took it, in time.
  func tell(_ command: [String], _ document: [UInt8], seconds: Int) -> Bool {
    do {
      let result = try ChildProcess.run(
        command, input: document, isCollected: false, timeout: .seconds(seconds))
      if result.ending == .exited(0) { return true }
      say("\(command[0]): \(Self.text(result.ending))")
    } catch {
      say("\(error)")
    }
    return false
  }

  private static func text(_ ending: ChildProcess.Ending) -> String {
    switch ending {
    case .exited(let code): "exit code \(code)"
    case .signalled(let signal): "ended by signal \(signal)"
    case .timedOut: "took too long, and was ended"
    }
  }
}
