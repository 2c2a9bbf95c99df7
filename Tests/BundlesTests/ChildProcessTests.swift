import Foundation
import Testing

@testable import Bundles

@Suite struct ChildProcessTests {
  private func run(_ script: String, input: [UInt8] = [], timeout: Duration? = nil) throws
    -> ChildProcess.Result
  {
    try ChildProcess.run(["sh", "-c", script], input: input, timeout: timeout)
  }

  @Test func inputAndOutputAreWholeWhateverTheirSize() throws {
    for size in [0, 1, 65_536, 5_000_001] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let result = try run("cat", input: bytes)
      #expect(result.ending == .exited(0) && result.output == bytes)
    }
  }

  @Test func endingsAreToldApart() throws {
    #expect(try run("exit 255").ending == .exited(255))
    #expect(try run("kill -TERM $$").ending == .signalled(SIGTERM))
    #expect(try run("exit 3", timeout: .seconds(600)).ending == .exited(3))
  }

  @Test func whatTakesTooLongIsKilledWithItsChildren() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      "sleep 600 & echo $! > \(folder.path)/child; wait", timeout: .milliseconds(500))
    #expect(result.ending == .timedOut)
    let text = try String(contentsOfFile: "\(folder.path)/child", encoding: .utf8)
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // A kill takes a moment, so the children are looked for again and again.
    var looks = 0
    while isAlive(child) && looks < 1000 {
      usleep(10_000)
      looks += 1
    }
    #expect(!isAlive(child))
  }

  /// A zombie, which whoever adopted it has yet to bury, is not alive.
  private func isAlive(_ child: pid_t) -> Bool {
    let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
    return state.map { !$0.contains(") Z ") && !$0.contains(") X ") } ?? false
  }

  /// A child that outlives its parent keeps nobody waiting.
  @Test func nobodyWaitsForWhatWasLeftInTheBackground() throws {
    let result = try run("sleep 5 & echo done")
    #expect(result.output == Array("done\n".utf8))
  }

  @Test func argumentsAreNotReadByAShell() throws {
    let odd = ["a b", "$HOME", "*", "", "ä\n'\""]
    let result = try ChildProcess.run(["printf", "%s|"] + odd)
    #expect(String(decoding: result.output, as: UTF8.self) == odd.map { $0 + "|" }.joined())
  }

  @Test func aBrokenPipeIsASignalAgain() throws {
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    #expect(try run("yes | head -n 1").output == Array("y\n".utf8))
  }

  @Test func whatIsNotThereIsNamed() {
    #expect(
      throws: ChildProcess.StartError(
        program: "no-such-program-at-all", reason: "No such file or directory")
    ) { try ChildProcess.run(["no-such-program-at-all"]) }
    #expect(throws: ChildProcess.StartError.self) { try ChildProcess.run([]) }
  }
}
