import Contributions
import Foundation
import Synchronization

/// What each key has used of what it may use. Kept in memory: a restart begins anew.
final class Quotas: Sendable {
  private struct Account {
    var bucket: TokenBucket?
    var rate: Int?
    var day: Int64
    var records = 0
  }

  private let accounts = Mutex<[String: Account]>([:])
  private let now: @Sendable () -> Date

  init(now: @escaping @Sendable () -> Date) {
    self.now = now
  }

  /// Counts one request of `caller`.
  ///
  /// - Throws: `HostError.tooManyRequests` where it is one too many; it is not counted then.
  func takeRequest(_ caller: Caller) throws(HostError) {
    guard let rate = caller.requestsPerSecond else { return }
    let wait = accounts.withLock { accounts -> Double? in
      let instant = ContinuousClock.now
      var account = accounts[caller.id] ?? Account(day: day)
      if account.rate != rate {
        account.bucket = TokenBucket(perSecond: rate, now: instant)
        account.rate = rate
      }
      let wait = account.bucket?.take(now: instant)
      accounts[caller.id] = account
      return wait
    }
    if let wait { throw .tooManyRequests(retryAfter: max(Int(wait.rounded(.up)), 1)) }
  }

  /// Counts records of `caller`.
  ///
  /// - Throws: `HostError.quotaSpent` where they are more than the day has left; none is counted
  ///   then.
  func takeRecords(_ count: Int, _ caller: Caller) throws(HostError) {
    guard let limit = caller.recordsPerDay else { return }
    let today = day
    let fits = accounts.withLock { accounts in
      var account = accounts[caller.id] ?? Account(day: today)
      if account.day != today { (account.day, account.records) = (today, 0) }
      let fits = count <= limit - account.records
      if fits { account.records += count }
      accounts[caller.id] = account
      return fits
    }
    guard !fits else { return }
    let end = Double((today + 1) * 86_400)
    throw .quotaSpent(retryAfter: max(Int(end - now().timeIntervalSince1970), 1))
  }

  private var day: Int64 { Epoch(containing: Int64(now().timeIntervalSince1970 * 1000)).day }
}
