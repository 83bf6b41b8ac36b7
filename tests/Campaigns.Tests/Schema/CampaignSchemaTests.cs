using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;
using HostAgent.Documents;
using HostAgent.Tests.Shared;

namespace HostAgent.Campaigns.Tests.Schema;

/// <summary>The schema that the readers describe, and what they read, say the same about every field: what is known, what is allowed, and where it ends.</summary>
public sealed class CampaignSchemaTests
{
    /// <summary>Every field that there is, once.</summary>
    private const string Everything = """
        {
          "apiVersion": "failback/v1", "kind": "Campaign", "metadata": {"name": "return-to-east", "labels": {"ticket": "DR-1042", "year": 2026}},
          "spec": {
            "targets": [{"hosts": {"site": "west", "labels": {"rack": "r12"}}, "vms": {"names": ["sql-*"], "ids": ["a3f00000-0000-4000-8000-000000000001"], "labels": {}}}, {"host": "hv-west-07"}],
            "strategy": "initiate-failback",
            "recoveryPoint": {"at": "2026-11-21T22:00:00Z"},
            "replicationSettings": {
              "authenticationType": "kerberos", "certificateThumbprint": "AB12", "compressionEnabled": true, "bypassProxyServer": false, "recoveryConnectionPoint": "hv.example",
              "recoveryServerPort": 80, "replicateHostKvpItems": true, "applicationConsistentSnapshotIntervalHours": 4, "recoveryHistory": 8, "autoResynchronizeEnabled": true,
              "autoResynchronizeIntervalStart": "1h", "autoResynchronizeIntervalEnd": "5h", "replicationInterval": "30s", "additionalSettings": "x"},
            "waves": [
              {"name": "canary", "take": 2, "gate": {"approval": {"by": ["dr-lead"]}, "soak": "10m"}},
              {"name": "databases", "match": {"host": "hv-west-08", "vms": {"names": ["sql-*"]}}, "ramp": {"start": 1, "factor": 1.5}},
              {"name": "rest", "outage": {"automatic": false, "approval": {"by": ["app-owner"]}, "maxLag": "10m"}, "hooks": {"beforeOutage": "silence.sh", "afterVerify": "dns.sh"}, "once": {"beforeOutages": "freeze.sh", "afterEnd": "thaw.sh"}}],
            "dependencies": [{"item": {"vm": "app-*", "host": "hv-*"}, "after": {"vm": "sql-*", "host": "hv-*"}}],
            "limits": {"campaign": 200, "host": 4, "site": "50%", "link": 20, "tenant": 100, "switch": 10},
            "tolerance": {"failures": "5%", "perHost": 3, "window": {"failures": 10, "in": "15m"}, "onBreach": "pause"},
            "retry": {"attempts": 5, "initial": "30s", "factor": 2, "max": "10m", "jitter": 0.2, "failedJobs": false},
            "timeouts": {"item": "24h", "noProgress": "30m", "unreachable": "15m", "phase": {"sync": "48h", "switch": "2h"}},
            "schedule": {"cron": "0 22 1 * *", "timeZone": "Europe/Madrid", "grace": "2h"},
            "window": {"opens": "Sat 22:00", "closes": "Sunday 06:00", "timeZone": "Europe/Madrid", "onClose": "drain"},
            "windows": {"sync": {"opens": "20:00", "closes": "06:00", "timeZone": "Europe/Madrid"}, "switch": {"opens": "Sat 22:00", "closes": "Sun 02:00", "timeZone": "Europe/Madrid"}},
            "together": [{"vm": "sql-*", "host": "hv-*"}],
            "notifications": {"require": ["ops", "dr-mail"], "within": "12h"},
            "readiness": {"required": true, "maxAge": "1h", "ignore": ["REPLICATION_LAG"]}
          }
        }
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(CampaignSchema.Describe())!.AsObject();
    private static readonly SchemaDocument Document = new(Schema, Everything);

    [Fact]
    public void The_whole_document_is_valid_to_both()
    {
        Document.Validator.IsValid(Document.Whole).ShouldBeTrue();
        Errors(Document.Whole).ShouldBeEmpty();
    }

    [Fact]
    public void Every_mapping_knows_the_same_keys_in_both()
    {
        var mappings = Document.Places().Where(place => place.Schema["properties"] is not null).ToList();
        mappings.Count.ShouldBeGreaterThan(15);
        foreach (var (path, schema) in mappings)
        {
            var document = Document.Whole;
            SchemaDocument.At(document, path)!["nobodyKnowsThis"] = 1;

            var error = Errors(document).ShouldHaveSingleItem($"An unknown key in {SchemaDocument.Name(path)}");

            error.Allowed.Split(", ").ShouldBe(schema["properties"]!.AsObject().Select(property => property.Key), ignoreOrder: true, SchemaDocument.Name(path));
            Document.Validator.IsValid(document).ShouldBeFalse(SchemaDocument.Name(path));
        }
    }

    [Fact]
    public void The_whole_document_has_every_key_of_the_schema()
    {
        foreach (var mapping in Document.Places().Where(place => place.Schema["properties"] is not null).GroupBy(place => place.Schema, ReferenceEqualityComparer.Instance))
        {
            var used = mapping.SelectMany(place => SchemaDocument.At(Document.Whole, place.Path)!.AsObject().Select(entry => entry.Key));

            mapping.First().Schema["properties"]!.AsObject().Select(property => property.Key).Except(used, StringComparer.Ordinal).ShouldBeEmpty(SchemaDocument.Name(mapping.First().Path));
        }
    }

    [Fact]
    public void Every_key_that_one_requires_the_other_requires()
    {
        foreach (var (path, _) in Document.Places().Where(place => place.Path.Count > 0 && place.Path[^1] is string))
        {
            var document = Document.Whole;
            SchemaDocument.At(document, path.SkipLast(1).ToList())!.AsObject().Remove((string)path[^1]);

            Document.Validator.IsValid(document).ShouldBe(Errors(document).All(BeyondSchemas), $"Without {SchemaDocument.Name(path)}");
        }
    }

    [Fact]
    public void Every_value_at_an_edge_is_judged_alike()
    {
        var judged = 0;
        foreach (var (path, schema) in Document.Places().Where(place => place.Path.Count > 0))
        {
            foreach (var value in Document.Edges(schema))
            {
                var document = Document.Whole;
                SchemaDocument.Set(document, path, value?.DeepClone());

                var own = Errors(document).Where(error => error.Path.StartsWith(SchemaDocument.Name(path), StringComparison.Ordinal)).ToList();
                if (own.Count > 0 && own.All(BeyondSchemas))
                {
                    continue;
                }

                Document.Validator.IsValid(document).ShouldBe(own.Count == 0, $"{SchemaDocument.Name(path)} = {value?.ToJsonString() ?? "null"}: {string.Join(' ', own.Select(error => error.Message))}");
                judged++;
            }
        }

        judged.ShouldBeGreaterThan(500);
    }

    [Theory]
    [InlineData("""{"targets": [{"host": "a", "hosts": {}}]}""")]
    [InlineData("""{"targets": []}""")]
    [InlineData("""{"targets": [{}], "waves": []}""")]
    [InlineData("""{"targets": [{}], "waves": [{"name": "a", "take": 1, "gate": {}}, {"name": "b"}]}""")]
    [InlineData("""{"targets": [{}], "waves": [{"name": "a", "take": 1, "gate": {"approval": {"by": []}}}, {"name": "b"}]}""")]
    [InlineData("""{"targets": [{}], "recoveryPoint": {}}""")]
    [InlineData("""{"targets": [{}], "recoveryPoint": "newest"}""")]
    [InlineData("""{"targets": {}}""")]
    public void Rules_of_a_whole_mapping_are_in_both(string spec)
    {
        var document = Document.Whole;
        document["spec"] = JsonNode.Parse(spec);

        Document.Validator.IsValid(document).ShouldBeFalse();
        Errors(document).ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_list_and_every_mapping_of_labels_ends_at_the_same_number()
    {
        var lists = Document.Places().Where(place => place.Schema["maxItems"] is not null || place.Schema["maxProperties"] is { } most && (int)most > 0).ToList();
        Document.Places().Where(place => place.Schema["items"] is not null).ShouldAllBe(place => place.Schema["maxItems"] != null);
        lists.Count.ShouldBeGreaterThan(8);
        foreach (var (path, schema) in lists)
        {
            var most = (int)(schema["maxItems"] ?? schema["maxProperties"])!;
            var document = Document.Whole;
            SchemaDocument.Set(document, path, schema["maxItems"] is not null
                ? new JsonArray([.. Enumerable.Repeat(SchemaDocument.At(document, path)![0]!, most + 1).Select(element => element.DeepClone())])
                : new JsonObject(Enumerable.Range(0, most + 1).Select(number => KeyValuePair.Create($"k{number}", (JsonNode?)"v"))));

            Errors(document).ShouldContain(error => error.Message.EndsWith($"it may have at most {most}.", StringComparison.Ordinal), SchemaDocument.Name(path));
            Document.Validator.IsValid(document).ShouldBeFalse(SchemaDocument.Name(path));
        }
    }

    [Property(MaxTest = 2000)]
    public void A_document_that_the_reader_accepts_is_valid_and_one_of_another_structure_is_not(DoNotSize<int> seed)
    {
        var document = Document.Changed(new Random(seed.Item));

        var errors = Errors(document);
        if (errors.Count == 0 || !errors.All(BeyondSchemas))
        {
            Document.Validator.IsValid(document).ShouldBe(errors.Count == 0, $"{document.ToJsonString()}: {string.Join(' ', errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void Every_default_is_valid_and_means_the_same_as_the_absent_key()
    {
        var defaults = Document.Places().Where(place => place.Schema["default"] is not null).ToList();
        defaults.Count.ShouldBeGreaterThan(12);
        foreach (var (path, schema) in defaults)
        {
            var (spelled, absent) = (Document.Whole, Document.Whole);
            SchemaDocument.Set(spelled, path, schema["default"]!.DeepClone());
            SchemaDocument.At(absent, path.SkipLast(1).ToList())!.AsObject().Remove((string)path[^1]);

            Document.Validator.IsValid(spelled).ShouldBeTrue(SchemaDocument.Name(path));
            Canonical(spelled).ShouldBe(Canonical(absent), SchemaDocument.Name(path));
        }
    }

    [Fact]
    public void The_schema_is_of_2020_12_and_has_a_name()
    {
        ((string)Schema["$schema"]!).ShouldBe("https://json-schema.org/draft/2020-12/schema");
        ((string)Schema["$id"]!).ShouldBe("urn:failback:v1:campaign");
    }

    /// <summary>What no schema says: how long a duration may be, and what depends on other fields, other machines or the names of time zones.</summary>
    private static bool BeyondSchemas(DocumentError error) => !error.Message.Contains(" is missing", StringComparison.Ordinal) && (
        (error.Allowed.StartsWith("a duration from", StringComparison.Ordinal) && DurationText.TryRead(error.Value, out _))
        || error.Allowed is "another time than opens" or "an IANA time zone, such as Europe/Madrid" or "no gate on the last wave" or "a name that no other wave has"
        || error.Allowed.StartsWith("a time with", StringComparison.Ordinal)
        || error.Allowed.StartsWith("five fields of a crontab", StringComparison.Ordinal)
        || error.Allowed.StartsWith("a DNS name", StringComparison.Ordinal)
        || error.Allowed.StartsWith("no wave after", StringComparison.Ordinal)
        || error.Message.Contains("closes a cycle", StringComparison.Ordinal));

    // The whole document has what belongs to one strategy and what belongs to another; the tests of the document have what each refuses.
    private static IReadOnlyList<DocumentError> Errors(JsonNode document)
        => [.. CampaignDocument.Parse(document.ToJsonString(), "whole.json").Errors.Where(error => !error.Allowed.Contains("with the strategy ", StringComparison.Ordinal))];

    private static string Canonical(JsonNode document)
    {
        var ofOneStrategy = document.DeepClone()["spec"]!;
        ofOneStrategy.AsObject().Remove("windows");
        ofOneStrategy.AsObject().Remove("together");
        ofOneStrategy.AsObject().Remove("schedule");
        (ofOneStrategy["limits"] as JsonObject)?.Remove("switch");
        foreach (var wave in ofOneStrategy["waves"] as JsonArray ?? [])
        {
            wave!.AsObject().Remove("outage");
            wave.AsObject().Remove("hooks");
            wave.AsObject().Remove("once");
        }

        (ofOneStrategy["timeouts"] as JsonObject)?.Remove("phase");
        return System.Text.Json.JsonSerializer.Serialize(CampaignDocument.Parse(ofOneStrategy.Root.ToJsonString(), "whole.json").Require());
    }
}
