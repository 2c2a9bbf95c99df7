import HTTPTypes
import Hummingbird
import Review

/// Bundles, quality, people and the trail.
enum OfficeRoutes {
  static let routes: [Route] = [
    .get("/bundles", .role(.viewer), bundles),
    .post("/bundles", .role(Permission.importBundle.leastRole), importBundle),
    .get("/bundles/:id/report", .role(.viewer), report),
    .get("/quality", .role(.viewer), quality),
    .get("/audit", .role(.viewer), audit),
    .get("/people", .role(Permission.managePeople.leastRole), people),
    .post("/people", .role(Permission.managePeople.leastRole), addPerson),
    .post("/settings", .role(Permission.changeSettings.leastRole), changeSettings),
    .post("/people/:id/role", .role(Permission.managePeople.leastRole), changeRole),
    .post("/people/:id/link", .role(Permission.managePeople.leastRole), newLink),
    .post("/people/:id/deactivate", .role(Permission.managePeople.leastRole), deactivate),
    .post("/people/:id/reactivate", .role(Permission.managePeople.leastRole), reactivate),
  ]

  @Sendable static func bundles(_ visit: Visit) async throws -> Response {
    let imported = try await visit.store.bundles()
    let shelf = BundleShelf(folders: visit.desk.configuration.bundleFolders)
    return try visit.page(
      BundlesPage(
        shell: visit.shell("Bundles"), bundles: imported,
        waiting: shelf.waiting(besides: imported),
        corrections: try await visit.store.epochsToCorrect(), visitor: try visit.person()))
  }

  /// Only what the shelf itself lists: the form's path is compared, never followed.
  @Sendable static func importBundle(_ visit: Visit) async throws -> Response {
    let shelf = BundleShelf(folders: visit.desk.configuration.bundleFolders)
    guard let path = visit.form["path"], shelf.bundles().contains(path) else {
      throw Refusal.badInput("There is no such bundle in the folders of this desk.")
    }
    _ = try await visit.store.importBundle(
      path: path, trusted: visit.desk.configuration.trustedKeys, by: try visit.person(),
      now: visit.now)
    visit.desk.facets.clear()
    visit.desk.indexing?.add(path)
    return visit.go(to: "/bundles", .imported)
  }

  @Sendable static func report(_ visit: Visit) async throws -> Response {
    let id = try visit.number("id")
    guard let bundle = try await visit.store.bundles().first(where: { $0.id == id }) else {
      throw Refusal.notFound
    }
    var response = Answers.answer(
      try BundleShelf.report(of: bundle), type: "text/html; charset=utf-8")
    response.headers[.contentSecurityPolicy] = SecurityHeaders.reportPolicy
    return response
  }

  @Sendable static func quality(_ visit: Visit) async throws -> Response {
    let profile = visit.query.text("profile")
    let report = try await visit.store.quality(profile: profile)
    let profiles = try await visit.desk.facets.facets(of: visit.store, now: visit.now).profiles.map(
      \.value
    ).sorted()
    return try visit.page(
      QualityPage(
        shell: visit.shell("Quality"), report: report,
        nights: try await NightLine.latest(profile, in: visit.store), profile: profile,
        profiles: profiles))
  }

  @Sendable static func audit(_ visit: Visit) async throws -> Response {
    let subject = visit.query.text("subject")
    let entries = try await visit.store.auditTrail(
      subject: subject, before: try visit.query.number("before", called: "The row"),
      limit: AuditPage.pageSize)
    return try visit.page(
      AuditPage(
        shell: visit.shell("Audit trail"), entries: entries,
        head: try await visit.store.auditHead(), subject: subject))
  }

  @Sendable static func people(_ visit: Visit) async throws -> Response {
    try await peoplePage(visit, link: nil)
  }

  private static func peoplePage(_ visit: Visit, link: String?) async throws -> Response {
    let address = link.map { visit.desk.address(of: visit.request) + "/welcome/" + $0 }
    return try visit.page(
      PeoplePage(
        shell: visit.shell("People"), people: try await visit.store.people(),
        fromFront: try await visit.store.frontPeople(),
        settings: try await visit.store.settings(), visitor: try visit.person(), link: address))
  }

  @Sendable static func changeSettings(_ visit: Visit) async throws -> Response {
    func number(_ name: String, _ words: String) throws(Refusal) -> Int64 {
      try visit.form.requiredNumber(name, called: words)
    }
    var settings = try await visit.store.settings()
    let (stake, overflows) = try number("stake", "The stake").multipliedReportingOverflow(
      by: 1_000_000)
    guard !overflows else { throw Refusal.badInput("The stake is too large.") }
    settings.stakeLimitMicro = stake
    settings.lockMinutes = try number("lock", "How long a node stays with somebody")
    settings.dueHours = try number("due", "How soon a node is due")
    try await visit.store.change(settings, by: try visit.person(), now: visit.now)
    return visit.go(to: "/people", .changed)
  }

  private static func role(_ visit: Visit) throws(Refusal) -> Role {
    guard let role = visit.form["role"].flatMap(Role.init(rawValue:)) else {
      throw .badInput("There is no role of that name.")
    }
    return role
  }

  @Sendable static func addPerson(_ visit: Visit) async throws -> Response {
    let name = try visit.form.required("name", called: "The name")
    let added = try await visit.store.addPerson(
      name: name, role: try role(visit), by: try visit.person(), now: visit.now)
    return try await peoplePage(visit, link: added.link)
  }

  @Sendable static func newLink(_ visit: Visit) async throws -> Response {
    let link = try await visit.store.newLink(
      for: try visit.number("id"), by: try visit.person(), now: visit.now)
    return try await peoplePage(visit, link: link)
  }

  @Sendable static func changeRole(_ visit: Visit) async throws -> Response {
    _ = try await visit.store.changeRole(
      of: try visit.number("id"), to: try role(visit), by: try visit.person(), now: visit.now)
    return visit.go(to: "/people", .changed)
  }

  @Sendable static func deactivate(_ visit: Visit) async throws -> Response {
    _ = try await visit.store.deactivate(
      try visit.number("id"), by: try visit.person(), now: visit.now)
    return visit.go(to: "/people", .changed)
  }

  @Sendable static func reactivate(_ visit: Visit) async throws -> Response {
    _ = try await visit.store.reactivate(
      try visit.number("id"), by: try visit.person(), now: visit.now)
    return visit.go(to: "/people", .changed)
  }
}
