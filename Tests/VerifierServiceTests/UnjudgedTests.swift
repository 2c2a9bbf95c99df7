import Assay
import Testing

@testable import VerifierService

@Suite struct UnjudgedTests {
  private let host: VerifierHost
  private let caller = Caller(id: "a", scopes: [.verify, .intake], recordsPerDay: 3)

  init() throws {
    var configuration = HostConfiguration(
      files: VerifierFiles(profiles: [VerifierFiles.Source(profile: "wireless")]))
    configuration.workers = 1
    configuration.waiting = 0
    host = try VerifierHost(
      configuration, registry: .init(VerifierHost.metricDescriptions),
      logger: .init(label: "test"))
  }

  /// As many records as the caller has for the day.
  private func request(_ id: String) throws -> VerifyRequest {
    let start = 20_454 * 86_400_000
    let records = (0..<3).map { #"{"ts":\#(start + $0),"node":"n","kind":"beacon"}"# }
    return try VerifyRequest(
      requestID: id, epoch: 20_454,
      items: [VerifyItem(itemID: "a", profile: "wireless", records: RecordLines(records))])
  }

  @Test func whatWasNotJudgedCountsAgainstNoQuota() async throws {
    let asked = try request("a")
    let late = try await host.verify(asked, for: caller, deadline: ContinuousClock.now)
    #expect(late.results.map(\.status) == [.transient])
    let admission = await host.turnstile.enter(until: ContinuousClock.now + .seconds(60))
    #expect(admission == .entered)
    await #expect(throws: HostError.overloaded(retryAfter: 1)) {
      try await host.verify(asked, for: caller)
    }
    host.turnstile.leave()
    let judged = try await host.verify(asked, for: caller)
    #expect(judged.isFinal)
    // Asked again it is free; anything else is too much now.
    let repeated = try await host.verify(asked, for: caller)
    #expect(repeated.digest == judged.digest)
    let other = try request("b")
    await #expect(throws: HostError.self) { try await host.verify(other, for: caller) }
  }

  @Test func batchesThatAreNotStoredAreGivenBack() throws {
    let taken = try host.admitIntake(records: 3, of: caller)
    #expect(throws: HostError.self) { try host.admitIntake(records: 1, of: caller) }
    host.giveBackIntake(taken)
    _ = try host.admitIntake(records: 3, of: caller)
  }

  @Test func linesAreCountedThatAreNotBlank() {
    for (text, count) in [
      ("", 0), ("\n\n", 0), (" \t\r\n", 0), ("{}", 1), ("{}\n", 1), ("{}\n\r\n {}\r\n\nx", 3),
    ] {
      #expect(LineCount.records(in: Array(text.utf8)) == count)
    }
  }
}
