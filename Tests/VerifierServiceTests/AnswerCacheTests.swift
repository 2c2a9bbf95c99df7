import Assay
import Testing

@testable import VerifierService

@Suite struct AnswerCacheTests {
  private let verifier: Verifier

  init() throws {
    verifier = try Verifier(
      VerifierConfiguration(profiles: [.init(named: "wireless")]))
  }

  private func answer(_ number: Int) throws -> VerifyResponse {
    let request = try VerifyRequest(
      requestID: "\(number)", epoch: 1,
      items: [VerifyItem(itemID: "a", profile: "wireless", records: RecordLines([]))])
    return verifier.transient(request, because: "a test")
  }

  private func key(_ number: Int, _ caller: String = "a") -> AnswerCache.Key {
    AnswerCache.Key(caller: caller, requestID: "\(number)")
  }

  private func put(_ number: Int, in cache: AnswerCache) throws {
    guard case .judge = cache.start(key(number), digest: [1]) else {
      Issue.record("\(number) is there already")
      return
    }
    cache.finish(key(number), with: try answer(number))
  }

  private func has(_ number: Int, in cache: AnswerCache) -> Bool {
    switch cache.start(key(number), digest: [1]) {
    case .answered(let answer): return answer.requestID == "\(number)"
    case .judge:
      cache.finish(key(number), with: nil)
      return false
    case .running, .conflict: return false
    }
  }

  @Test func theSameContentHasTheSameAnswerAndOtherContentIsAConflict() throws {
    let cache = AnswerCache(countLimit: 10, byteLimit: 1 << 20, life: .seconds(86_400))
    try put(1, in: cache)
    #expect(has(1, in: cache))
    guard case .conflict = cache.start(key(1), digest: [2]) else {
      Issue.record("no conflict")
      return
    }
    guard case .judge = cache.start(key(1, "b"), digest: [2]) else {
      Issue.record("keys meet each other's ids")
      return
    }
  }

  @Test func whatIsBeingJudgedIsJudgedOnce() async throws {
    let cache = AnswerCache(countLimit: 10, byteLimit: 1 << 20, life: .seconds(86_400))
    guard case .judge = cache.start(key(1), digest: [1]),
      case .running = cache.start(key(1), digest: [1]),
      case .conflict = cache.start(key(1), digest: [2])
    else {
      Issue.record("two would judge it")
      return
    }
    async let waiting: Void = cache.wait(for: key(1))
    cache.finish(key(1), with: try answer(1))
    await waiting
    #expect(has(1, in: cache))
  }

  @Test func anAnswerNotWorthKeepingLeavesTheTurnToTheNext() async {
    let cache = AnswerCache(countLimit: 10, byteLimit: 1 << 20, life: .seconds(86_400))
    guard case .judge = cache.start(key(1), digest: [1]) else { return }
    async let waiting: Void = cache.wait(for: key(1))
    cache.finish(key(1), with: nil)
    await waiting
    #expect(!has(1, in: cache))
    #expect(cache.load == (answers: 0, bytes: 0))
  }

  @Test func theOldestGoFirstAndWhatIsUsedStays() throws {
    let cache = AnswerCache(countLimit: 20, byteLimit: 1 << 20, life: .seconds(86_400))
    for number in 0..<200 {
      try put(number, in: cache)
      #expect(has(0, in: cache))
    }
    #expect(cache.load.answers <= 20)
    #expect(has(199, in: cache))
    #expect(!has(1, in: cache))
  }

  @Test func bytesAreBounded() throws {
    let cache = AnswerCache(countLimit: 10_000, byteLimit: 20_000, life: .seconds(86_400))
    for number in 0..<500 {
      try put(number, in: cache)
      #expect(cache.load.bytes <= 20_000)
    }
    #expect(cache.load.answers > 1)
  }

  @Test func answersHaveATimeToLive() throws {
    let cache = AnswerCache(countLimit: 10, byteLimit: 1 << 20, life: .zero)
    try put(1, in: cache)
    #expect(!has(1, in: cache))
  }
}
