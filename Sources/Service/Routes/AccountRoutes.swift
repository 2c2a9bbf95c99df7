import HTTPTypes
import Hummingbird
import Review

/// Signing in and out, and the one-time links by which people come in first.
enum AccountRoutes {
  static let routes: [Route] = [
    .get("/login", .anyone, showLogin),
    .post("/login", .anyone, signIn),
    .post("/logout", .anyone, signOut),
    .get("/welcome/:token", .anyone, showWelcome),
    .post("/welcome/:token", .anyone, setPassword),
  ]

  @Sendable static func showLogin(_ visit: Visit) async throws -> Response {
    if visit.context.visitor != nil { return Answers.redirect(to: "/") }
    guard visit.desk.configuration.hasPasswords else { throw Refusal.frontOnly }
    return try asGuest(visit) { visit in
      let name = String((visit.query.text("name") ?? "").prefix(80))
      return try visit.page(
        LoginPage(shell: visit.shell("Sign in"), name: name, then: visit.query["then"]))
    }
  }

  /// Renders for a guest, with the cookie that the form's token is made from.
  private static func asGuest(
    _ visit: Visit, _ render: (Visit) throws -> Response
  ) throws -> Response {
    guard visit.context.guest == nil else { return try render(visit) }
    let guest = GuestTokens.newGuest()
    var context = visit.context
    context.guest = guest
    var response = try render(
      Visit(
        desk: visit.desk, request: visit.request, context: context, form: visit.form,
        query: visit.query, now: visit.now))
    response.setCookie(visit.desk.cookie(GuestTokens.cookie, guest))
    return response
  }

  /// The session's number is new at every sign-in; one that a browser had before is ended.
  @Sendable static func signIn(_ visit: Visit) async throws -> Response {
    try requirePasswords(visit)
    let session: Session
    switch await attempt(visit) {
    case .success(let opened): session = opened
    case .failure(let error): return try refuse(visit, error)
    }
    if let old = visit.context.visitor?.token {
      try await visit.store.signOut(old, now: visit.now)
    }
    var response = Answers.redirect(to: LoginPage.ownPath(visit.form["then"]))
    response.setCookie(visit.desk.cookie(visit.desk.sessionCookie, session.token))
    response.setCookie(visit.desk.cookie(GuestTokens.cookie, "", maxAge: 0))
    return response
  }

  private static func requirePasswords(_ visit: Visit) throws(Refusal) {
    guard visit.desk.configuration.hasPasswords else { throw .notFound }
  }

  private static func attempt(_ visit: Visit) async -> Result<Session, ReviewError> {
    do throws(ReviewError) {
      return .success(
        try await visit.store.signIn(
          name: visit.form.text("name") ?? "", password: visit.form["password"] ?? "",
          address: visit.context.address, now: visit.now))
    } catch {
      return .failure(error)
    }
  }

  /// The form once more, with what was wrong.
  private static func refuse(_ visit: Visit, _ error: ReviewError) throws -> Response {
    let words = StoreWords(error)
    switch error {
    case .wrongPassword, .locked:
      visit.desk.metrics.signInFailed(error == .wrongPassword ? "password" : "locked")
      let name = String((visit.form.text("name") ?? "").prefix(80))
      let view = LoginPage(
        shell: visit.shell("Sign in"), name: name, then: visit.form["then"], problem: words.text)
      return try visit.page(view, status: words.status)
    default: throw error
    }
  }

  @Sendable static func signOut(_ visit: Visit) async throws -> Response {
    if let token = visit.context.visitor?.token {
      try await visit.store.signOut(token, now: visit.now)
    }
    let front = visit.desk.configuration.front?.signOut
    var response = front.map(Answers.redirect(to:)) ?? visit.go(to: "/login", .signedOut)
    response.setCookie(visit.desk.cookie(visit.desk.sessionCookie, "", maxAge: 0))
    return response
  }

  private static func owner(_ visit: Visit) async throws -> (token: String, person: Person) {
    try requirePasswords(visit)
    let token = visit.context.parameters.get("token") ?? ""
    guard token.utf8.count <= 256,
      let person = try await visit.store.linkOwner(token, now: visit.now)
    else { throw Refusal.notFound }
    return (token, person)
  }

  @Sendable static func showWelcome(_ visit: Visit) async throws -> Response {
    let (token, person) = try await owner(visit)
    return try asGuest(visit) { visit in
      try visit.page(WelcomePage(shell: visit.shell("Welcome"), owner: person, token: token))
    }
  }

  @Sendable static func setPassword(_ visit: Visit) async throws -> Response {
    let (token, person) = try await owner(visit)
    let password = visit.form["password"] ?? ""
    guard let problem = try await problem(visit, token: token, password: password) else {
      return visit.go(to: "/login" + URLText.query([("name", person.name)]), .passwordSet)
    }
    return try visit.page(
      WelcomePage(
        shell: visit.shell("Welcome"), owner: person, token: token, problem: problem),
      status: .badRequest)
  }

  /// Sets the password; returns what is wrong with it, if anything is.
  private static func problem(
    _ visit: Visit, token: String, password: String
  ) async throws(ReviewError) -> String? {
    guard password == visit.form["again"] else { return "The two passwords differ." }
    guard password.count >= WelcomePage.leastLength else { return "The password is too short." }
    do throws(ReviewError) {
      _ = try await visit.store.redeem(link: token, password: password, now: visit.now)
      return nil
    } catch {
      guard case .badInput(let reason) = error else { throw error }
      return reason
    }
  }
}
