import Testing

@testable import VerifierService

@Suite struct TurnstileTests {
  private static var later: ContinuousClock.Instant { ContinuousClock.now + .seconds(86_400) }

  @Test func asManyAsPlacesEnterAtOnce() async {
    let turnstile = Turnstile(places: 2, seats: 0)
    #expect(await turnstile.enter(until: Self.later) == .entered)
    #expect(await turnstile.enter(until: Self.later) == .entered)
    #expect(await turnstile.enter(until: Self.later) == .full)
    turnstile.leave()
    #expect(await turnstile.enter(until: Self.later) == .entered)
  }

  @Test func thoseWhoWaitComeInTheirOrder() async {
    let turnstile = Turnstile(places: 1, seats: 10)
    #expect(await turnstile.enter(until: Self.later) == .entered)
    let (order, source) = AsyncStream.makeStream(of: Int.self)
    await withDiscardingTaskGroup { group in
      for number in 0..<10 {
        group.addTask {
          guard await turnstile.enter(until: Self.later) == .entered else { return }
          source.yield(number)
          turnstile.leave()
        }
        while turnstile.load.waiting <= number { await Task.yield() }
      }
      turnstile.leave()
    }
    source.finish()
    var found: [Int] = []
    for await number in order { found.append(number) }
    #expect(found == Array(0..<10))
    #expect(turnstile.load == (working: 0, waiting: 0))
  }

  @Test func aDeadlineEndsTheWaitAndLeavesNoTrace() async {
    let turnstile = Turnstile(places: 1, seats: 1)
    #expect(await turnstile.enter(until: Self.later) == .entered)
    #expect(await turnstile.enter(until: ContinuousClock.now + .milliseconds(20)) == .late)
    #expect(turnstile.load == (working: 1, waiting: 0))
    turnstile.leave()
    #expect(turnstile.load == (working: 0, waiting: 0))
    #expect(await turnstile.enter(until: ContinuousClock.now) == .late)
    #expect(await turnstile.enter(until: Self.later) == .entered)
  }

  @Test func noMoreWorkThanPlacesWhateverTheCrowd() async {
    let turnstile = Turnstile(places: 3, seats: 1_000)
    await withDiscardingTaskGroup { group in
      for number in 0..<500 {
        group.addTask {
          let wait: Duration = number.isMultiple(of: 7) ? .milliseconds(1) : .seconds(60)
          guard await turnstile.enter(until: ContinuousClock.now + wait) == .entered else { return }
          #expect(turnstile.load.working <= 3)
          await Task.yield()
          turnstile.leave()
        }
      }
    }
    #expect(turnstile.load == (working: 0, waiting: 0))
  }
}
