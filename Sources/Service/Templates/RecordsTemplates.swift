/// A node's records over time, and where they say that it stands.
enum RecordsTemplates {
  static let records = """
    <section aria-labelledby="records"><h2 id="records">Its records over time</h2>
    {{#records}}
    <p>Median of each interval as a line, its range as bars; dashed the peers' median. {{peers}}
    <a href="/items/{{id}}/records.csv">CSV</a> <a href="/items/{{id}}/records.json">JSON</a></p>
    <div class="multiples">
    {{#charts}}<figure><figcaption><code>{{name}}</code> {{text}}{{unit}}</figcaption>
    {{{drawingMarkup}}}
    <details><summary>Numbers<span class="unseen"> of {{name}}</span></summary>
    <div class="wide" role="region" aria-label="Numbers of {{name}}" tabindex="0">
    <table><caption>{{text}}{{unit}}; times are UTC</caption>
    <thead><tr><th scope="col">From</th><th scope="col" class="n">Median</th>
    <th scope="col">Range</th><th scope="col" class="n">Values</th><th scope="col">Peers</th></tr>
    </thead><tbody>
    {{#lines}}<tr><th scope="row">{{time}}<td class="n">{{median}}<td>{{range}}<td class="n">
    {{count}}<td>{{peers}}
    {{/lines}}</tbody></table></div></details></figure>
    {{/charts}}</div>
    {{#map}}{{>map}}{{/map}}
    {{/records}}
    {{^records}}<p class="none">{{#hasLogs}}The records that were judged have not been read yet, or
    are not among the logs of this desk.{{/hasLogs}}{{^hasLogs}}This desk has no logs:
    <code>assayd index BUNDLE --logs DIR</code> reads the records that were judged.{{/hasLogs}}
    </p>{{/records}}
    </section>
    """

  static let map = """
    <h3>Where it stands</h3>
    <p>{{words}}</p>
    <figure><div class="wide" role="region" aria-label="Drawing of its place" tabindex="0">
    {{{drawingMarkup}}}</div>
    {{#hasTies}}<figcaption>Numbers are those of the table; ends far away stand at the edge.
    {{#hasLinks}}Red: three deviations stronger than the distance allows. Dashed: does not count for
    the best fit, since it was found out.{{/hasLinks}}</figcaption>{{/hasTies}}</figure>
    {{#hasTies}}<details><summary>Every end of the drawing</summary>
    <p><a href="/items/{{id}}/places.csv">CSV</a> <a href="/items/{{id}}/places.json">JSON</a></p>
    <div class="wide" role="region" aria-label="Ends of the drawing" tabindex="0">
    <table><caption>Distances are between claimed places{{#hasLinks}}; expected is what the network's
    own path-loss line gives{{/hasLinks}}</caption>
    <thead><tr><th scope="col" class="n">No.</th><th scope="col">Node</th><th scope="col">How</th>
    <th scope="col" class="n">Distance</th><th scope="col">Measured</th>
    <th scope="col">{{#hasLinks}}Expected{{/hasLinks}}{{^hasLinks}}Air pressure{{/hasLinks}}</th></tr></thead><tbody>
    {{#ties}}<tr><td class="n">{{number}}</td>
    <th scope="row">{{#href}}<a href="{{.}}">{{{nameMarkup}}}</a>{{/href}}
    {{^href}}{{{nameMarkup}}}{{/href}}{{#isUnused}} <span class="tag">not counted</span>
    {{/isUnused}}</th><td>{{how}}</td><td class="n">{{distance}}</td><td>{{measured}}</td>
    <td>{{against}}</td></tr>
    {{/ties}}</tbody></table></div></details>{{/hasTies}}
    """
}
