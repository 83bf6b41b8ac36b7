using System.Text.Json.Nodes;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests;

/// <summary>
/// A document with every field there is, spoilt at each place in turn. That it has every field is shown by the reader itself, which
/// lists what is allowed beside a key that it does not know.
/// </summary>
public class CampaignDocumentFieldTests
{
    private const string Everything = """
        {
          "apiVersion": "failback/v1",
          "kind": "Campaign",
          "metadata": {"name": "return-to-east", "labels": {"ticket": "DR-1042"}},
          "spec": {
            "targets": [
              {"hosts": {"site": "west", "labels": {"rack": "r12"}}, "vms": {"names": ["sql-*"], "ids": ["8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10"], "labels": {}}},
              {"host": "hv-west-07", "vms": {"names": ["a"]}}
            ],
            "strategy": "initiate-failback",
            "recoveryPoint": {"at": "2026-11-21T22:00:00Z"},
            "replicationSettings": {
              "authenticationType": "kerberos", "certificateThumbprint": "AB", "compressionEnabled": true, "bypassProxyServer": true,
              "recoveryConnectionPoint": "hv-1.example", "recoveryServerPort": 80, "replicateHostKvpItems": true,
              "applicationConsistentSnapshotIntervalHours": 1, "recoveryHistory": 2, "autoResynchronizeEnabled": true,
              "autoResynchronizeIntervalStart": "18h", "autoResynchronizeIntervalEnd": "6h", "replicationInterval": "5m", "additionalSettings": "x"
            },
            "waves": [
              {"name": "canary", "take": 2, "gate": {"approval": {"by": ["dr-lead"]}, "soak": "10m"}},
              {"name": "databases", "match": {"host": "hv-1", "vms": {"names": ["sql-*"]}}, "ramp": {"start": 1, "factor": 2}},
              {"name": "rest", "outage": {"automatic": false, "approval": {"by": ["app-owner"]}, "maxLag": "10m"}, "hooks": {"beforeOutage": "silence.sh", "afterVerify": "dns.sh"}, "once": {"beforeOutages": "freeze.sh", "afterEnd": "thaw.sh"}}
            ],
            "dependencies": [{"item": {"vm": "app-*", "host": "hv-*"}, "after": {"vm": "sql-*", "host": "hv-*"}}],
            "limits": {"campaign": 200, "host": 4, "site": "50%", "link": 20, "tenant": 100, "switch": 10},
            "tolerance": {"failures": "5%", "perHost": 3, "window": {"failures": 10, "in": "15m"}, "onBreach": "stop"},
            "retry": {"attempts": 4, "initial": "10s", "factor": 1.5, "max": "5m", "jitter": 0.1, "failedJobs": true},
            "timeouts": {"item": "12h", "noProgress": "20m", "unreachable": "5m", "phase": {"sync": "48h", "switch": "2h"}},
            "schedule": {"cron": "0 22 1 * *", "timeZone": "Europe/Madrid", "grace": "2h"},
            "window": {"opens": "Sat 22:00", "closes": "Sun 06:00", "timeZone": "Europe/Madrid", "onClose": "pause"},
            "windows": {"sync": {"opens": "20:00", "closes": "06:00", "timeZone": "Europe/Madrid"}, "switch": {"opens": "Sat 22:00", "closes": "Sun 02:00", "timeZone": "Europe/Madrid"}},
            "together": [{"vm": "sql-*", "host": "hv-*"}],
            "notifications": {"require": ["ops", "dr-mail"], "within": "12h"},
            "readiness": {"required": true, "maxAge": "1h", "ignore": ["REPLICATION_LAG"]}
          }
        }
        """;

    public static TheoryData<string> Values => [.. Walk(Root(), "").Where(place => place.Node is JsonValue).Select(place => place.Path)];

    public static TheoryData<string> Containers => [.. Walk(Root(), "").Where(place => place.Path.Length > 0 && place.Node is JsonObject or JsonArray).Select(place => place.Path)];

    public static TheoryData<string> Mappings => [.. Walk(Root(), "").Where(place => place.Node is JsonObject && !place.Path.EndsWith("labels", StringComparison.Ordinal)).Select(place => place.Path)];

    [Fact]
    public void Document_with_every_field_is_valid_but_for_those_of_another_strategy()
        => Read(Root()).Errors.Select(error => error.Path).ShouldBe(["spec.waves", "spec.waves", "spec.waves", "spec.limits", "spec.timeouts", "spec.windows", "spec.together", "spec.schedule"], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_that_is_a_list_is_an_error_that_names_path_value_and_what_is_allowed(string path)
    {
        var error = Read(With(path, new JsonArray(1, 2))).Errors.ShouldContainOne(path);

        error.Message.ShouldStartWith($"{path} is '[…]'");
        error.Allowed.ShouldNotBeEmpty();
        error.Line.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_with_a_control_character_is_an_error(string path)
        => Read(With(path, "a\u0007b")).Errors.ShouldContainOne(path).Allowed.ShouldNotBeEmpty();

    [Theory]
    [MemberData(nameof(Containers))]
    public void Mapping_or_list_that_is_a_number_is_an_error(string path)
        => Read(With(path, 7)).Errors.ShouldContainOne(path).Message.ShouldContain("'7'");

    [Theory]
    [MemberData(nameof(Mappings))]
    public void Key_that_is_not_known_is_an_error_and_all_that_are_known_stand_in_this_document(string path)
    {
        var root = Root();
        var mapping = (JsonObject)Find(root, path);
        mapping["notThere"] = 1;
        var message = Read(root).Errors.Select(error => error.Message).Single(text => text.Contains("notThere is not a known key", StringComparison.Ordinal));

        var allowed = message[(message.IndexOf("Allowed here: ", StringComparison.Ordinal) + 14)..].TrimEnd('.').Split(", ");
        var everywhere = Walk(Root(), "").Select(place => place.Path).ToList();
        allowed.Where(key => !everywhere.Exists(each => Shape(each) == Shape(path.Length == 0 ? key : $"{path}.{key}"))).ShouldBeEmpty();
    }

    private static DocumentResult<Spec.CampaignSpec> Read(JsonNode root) => CampaignDocument.Parse(root.ToJsonString(), "everything.json");

    private static JsonNode Root() => JsonNode.Parse(Everything)!;

    private static JsonNode With(string path, JsonNode value)
    {
        var root = Root();
        Find(root, path).ReplaceWith(value);
        return root;
    }

    private static JsonNode Find(JsonNode root, string path) => Walk(root, "").Single(place => place.Path == path).Node;

    /// <summary>A wave or target is like any other, and a match like a target.</summary>
    private static string Shape(string path)
        => string.Concat(path.Where(character => !char.IsAsciiDigit(character))).Replace("waves[].match", "targets[]", StringComparison.Ordinal)
            .Replace("dependencies[].item", "dependencies[].after", StringComparison.Ordinal);

    private static IEnumerable<(string Path, JsonNode Node)> Walk(JsonNode node, string path)
    {
        yield return (path, node);
        var inner = node switch
        {
            JsonObject mapping => mapping.Where(pair => pair.Value is not null).Select(pair => (Path: path.Length == 0 ? pair.Key : $"{path}.{pair.Key}", Node: pair.Value!)),
            JsonArray list => list.Select((element, index) => (Path: FormattableString.Invariant($"{path}[{index}]"), Node: element!)),
            _ => [],
        };
        foreach (var place in inner.SelectMany(each => Walk(each.Node, each.Path)))
        {
            yield return place;
        }
    }
}

file static class DocumentErrorsExtensions
{
    public static DocumentError ShouldContainOne(this IReadOnlyList<DocumentError> errors, string path)
        => errors.Where(error => error.Path == path).ShouldHaveSingleItem();
}
