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

  /// Records that were counted, for ``Quotas/giveBack(_:of:)``.
  struct Taken: Sendable {
    fileprivate let key: String
    fileprivate let day: Int64
    let records: Int
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
  /// - Returns: what was counted, to be given back where nothing comes of it.
  /// - Throws: `HostError.quotaSpent` where they are more than the day has left; none is counted
  ///   then.
  @discardableResult
  func takeRecords(_ count: Int, _ caller: Caller) throws(HostError) -> Taken {
    let today = day
    guard let limit = caller.recordsPerDay else {
      return Taken(key: caller.id, day: today, records: 0)
    }
    let fits = accounts.withLock { accounts in
      var account = accounts[caller.id] ?? Account(day: today)
      if account.day != today { (account.day, account.records) = (today, 0) }
      let fits = count <= limit - account.records
      if fits { account.records += count }
      accounts[caller.id] = account
      return fits
    }
    guard !fits else { return Taken(key: caller.id, day: today, records: count) }
    let end = Double((today + 1) * 86_400)
    throw .quotaSpent(retryAfter: max(Int(end - now().timeIntervalSince1970), 1))
  }

  /// Gives back records of `taken` that nothing came of, at most as many as were counted.
  ///
  /// To be called once for what was taken. On another day it changes nothing: that day has its own.
  func giveBack(_ count: Int, of taken: Taken) {
    let count = min(count, taken.records)
    guard count > 0 else { return }
    accounts.withLock { accounts in
      guard let account = accounts[taken.key], account.day == taken.day else { return }
      accounts[taken.key]?.records = max(account.records - count, 0)
    }
  }

  private var day: Int64 { Epoch(containing: Int64(now().timeIntervalSince1970 * 1000)).day }
}
