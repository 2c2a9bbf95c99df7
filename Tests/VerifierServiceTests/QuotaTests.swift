import Foundation
import Synchronization
import Testing

@testable import VerifierService

@Suite struct QuotaTests {
  @Test func aBucketHoldsASecondsWorthAndRefillsEvenly() {
    let start = ContinuousClock.now
    var bucket = TokenBucket(perSecond: 4, now: start)
    for _ in 0..<4 { #expect(bucket.take(now: start) == nil) }
    #expect(bucket.take(now: start) == 0.25)
    #expect(bucket.take(now: start + .milliseconds(250)) == nil)
    #expect(bucket.take(now: start + .milliseconds(250)) != nil)
    for _ in 0..<4 { #expect(bucket.take(now: start + .seconds(100)) == nil) }
    #expect(bucket.take(now: start + .seconds(100)) != nil)
  }

  @Test func recordsAreCountedByDayAndRefusalsCountNothing() throws {
    let clock = Mutex(Date(timeIntervalSince1970: 86_400 * 10 + 86_399))
    let quotas = Quotas(now: { clock.withLock { $0 } })
    let caller = Caller(id: "a", scopes: [], recordsPerDay: 10)
    try quotas.takeRecords(7, caller)
    #expect(throws: HostError.quotaSpent(retryAfter: 1)) { try quotas.takeRecords(4, caller) }
    try quotas.takeRecords(3, caller)
    #expect(throws: HostError.quotaSpent(retryAfter: 1)) { try quotas.takeRecords(1, caller) }
    try quotas.takeRecords(0, caller)
    clock.withLock { $0 = Date(timeIntervalSince1970: 86_400 * 11) }
    try quotas.takeRecords(10, caller)
    #expect(throws: HostError.quotaSpent(retryAfter: 86_400)) {
      try quotas.takeRecords(1, caller)
    }
  }

  @Test func whatNothingCameOfIsGivenBackOnItsDay() throws {
    let clock = Mutex(Date(timeIntervalSince1970: 86_400 * 10))
    let quotas = Quotas(now: { clock.withLock { $0 } })
    let caller = Caller(id: "a", scopes: [], recordsPerDay: 10)
    let taken = try quotas.takeRecords(7, caller)
    quotas.giveBack(3, of: taken)
    let rest = try quotas.takeRecords(6, caller)
    #expect(throws: HostError.self) { try quotas.takeRecords(1, caller) }
    clock.withLock { $0 = Date(timeIntervalSince1970: 86_400 * 11) }
    try quotas.takeRecords(10, caller)
    // The next day's records are not those.
    quotas.giveBack(rest.records, of: rest)
    #expect(throws: HostError.self) { try quotas.takeRecords(1, caller) }
  }

  @Test func moreThanWasTakenIsNotGivenBack() throws {
    let quotas = Quotas(now: { Date(timeIntervalSince1970: 0) })
    let caller = Caller(id: "a", scopes: [], recordsPerDay: 10)
    try quotas.takeRecords(8, caller)
    let taken = try quotas.takeRecords(2, caller)
    quotas.giveBack(100, of: taken)
    try quotas.takeRecords(2, caller)
    #expect(throws: HostError.self) { try quotas.takeRecords(1, caller) }
  }

  @Test func withoutALimitThereIsNone() throws {
    let quotas = Quotas(now: { Date() })
    let caller = Caller(id: "a", scopes: [])
    for _ in 0..<1_000 { try quotas.takeRequest(caller) }
    try quotas.takeRecords(Int.max, caller)
  }
}
