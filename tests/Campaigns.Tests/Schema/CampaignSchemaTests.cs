using System.Globalization;
using System.Text.Json.Nodes;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Schema;

/// <summary>The published schema and the reader say the same about every field: what is known, what is allowed, and where it ends.</summary>
public sealed class CampaignSchemaTests
{
    /// <summary>Every field that there is, once.</summary>
    private const string Whole = """
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
              {"name": "rest"}],
            "dependencies": [{"item": {"vm": "app-*", "host": "hv-*"}, "after": {"vm": "sql-*", "host": "hv-*"}}],
            "limits": {"campaign": 200, "host": 4, "site": "50%", "link": 20, "tenant": 100},
            "tolerance": {"failures": "5%", "perHost": 3, "window": {"failures": 10, "in": "15m"}, "onBreach": "pause"},
            "retry": {"attempts": 5, "initial": "30s", "factor": 2, "max": "10m", "jitter": 0.2, "failedJobs": false},
            "timeouts": {"item": "24h", "noProgress": "30m", "unreachable": "15m"},
            "window": {"opens": "Sat 22:00", "closes": "Sunday 06:00", "timeZone": "Europe/Madrid", "onClose": "drain"},
            "readiness": {"required": true, "maxAge": "1h", "ignore": ["REPLICATION_LAG"]}
          }
        }
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(CampaignSchema.Read())!.AsObject();
    private static readonly SchemaValidator Validator = new(Schema);

    [Fact]
    public void The_whole_document_is_valid_to_both()
    {
        Validator.IsValid(JsonNode.Parse(Whole)).ShouldBeTrue();
        Errors(JsonNode.Parse(Whole)!).ShouldBeEmpty();
    }

    [Fact]
    public void Every_mapping_knows_the_same_keys_in_both()
    {
        var mappings = Places().Where(place => place.Schema["properties"] is not null).ToList();
        mappings.Count.ShouldBeGreaterThan(15);
        foreach (var (path, schema) in mappings)
        {
            var document = JsonNode.Parse(Whole)!;
            At(document, path)!["nobodyKnowsThis"] = 1;

            var error = Errors(document).ShouldHaveSingleItem($"An unknown key in {Name(path)}");

            error.Allowed.Split(", ").ShouldBe(schema["properties"]!.AsObject().Select(property => property.Key), ignoreOrder: true, Name(path));
            Validator.IsValid(document).ShouldBeFalse(Name(path));
        }
    }

    [Fact]
    public void The_whole_document_has_every_key_of_the_schema()
    {
        foreach (var mapping in Places().Where(place => place.Schema["properties"] is not null).GroupBy(place => place.Schema, ReferenceEqualityComparer.Instance))
        {
            var used = mapping.SelectMany(place => At(JsonNode.Parse(Whole)!, place.Path)!.AsObject().Select(entry => entry.Key));

            mapping.First().Schema["properties"]!.AsObject().Select(property => property.Key).Except(used, StringComparer.Ordinal).ShouldBeEmpty(Name(mapping.First().Path));
        }
    }

    [Fact]
    public void Every_key_that_one_requires_the_other_requires()
    {
        foreach (var (path, _) in Places().Where(place => place.Path.Count > 0 && place.Path[^1] is string))
        {
            var document = JsonNode.Parse(Whole)!;
            At(document, path.SkipLast(1).ToList())!.AsObject().Remove((string)path[^1]);

            Validator.IsValid(document).ShouldBe(Errors(document).All(BeyondSchemas), $"Without {Name(path)}");
        }
    }

    [Fact]
    public void Every_value_at_an_edge_is_judged_alike()
    {
        var judged = 0;
        foreach (var (path, schema) in Places().Where(place => place.Path.Count > 0))
        {
            foreach (var value in Edges(schema))
            {
                var document = JsonNode.Parse(Whole)!;
                Set(document, path, value?.DeepClone());

                var own = Errors(document).Where(error => error.Path.StartsWith(Name(path), StringComparison.Ordinal)).ToList();
                if (own.Count > 0 && own.All(BeyondSchemas))
                {
                    continue;
                }

                Validator.IsValid(document).ShouldBe(own.Count == 0, $"{Name(path)} = {value?.ToJsonString() ?? "null"}: {string.Join(' ', own.Select(error => error.Message))}");
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
        var document = JsonNode.Parse(Whole)!;
        document["spec"] = JsonNode.Parse(spec);

        Validator.IsValid(document).ShouldBeFalse();
        Errors(document).ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_list_and_every_mapping_of_labels_ends_at_the_same_number()
    {
        var lists = Places().Where(place => place.Schema["maxItems"] is not null || place.Schema["maxProperties"] is { } most && (int)most > 0).ToList();
        Places().Where(place => place.Schema["items"] is not null).ShouldAllBe(place => place.Schema["maxItems"] != null);
        lists.Count.ShouldBeGreaterThan(8);
        foreach (var (path, schema) in lists)
        {
            var most = (int)(schema["maxItems"] ?? schema["maxProperties"])!;
            var document = JsonNode.Parse(Whole)!;
            Set(document, path, schema["maxItems"] is not null
                ? new JsonArray([.. Enumerable.Repeat(At(document, path)![0]!, most + 1).Select(element => element.DeepClone())])
                : new JsonObject(Enumerable.Range(0, most + 1).Select(number => KeyValuePair.Create($"k{number}", (JsonNode?)"v"))));

            Errors(document).ShouldContain(error => error.Message.EndsWith($"it may have at most {most}.", StringComparison.Ordinal), Name(path));
            Validator.IsValid(document).ShouldBeFalse(Name(path));
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
        || error.Allowed.StartsWith("a DNS name", StringComparison.Ordinal)
        || error.Allowed.StartsWith("no wave after", StringComparison.Ordinal)
        || error.Message.Contains("closes a cycle", StringComparison.Ordinal));

    private static IReadOnlyList<DocumentError> Errors(JsonNode document) => CampaignDocument.Parse(document.ToJsonString(), "whole.json").Errors;

    /// <summary>Every place of the whole document with its part of the schema.</summary>
    private static List<(IReadOnlyList<object> Path, JsonObject Schema)> Places()
    {
        var places = new List<(IReadOnlyList<object> Path, JsonObject Schema)>();
        Walk([], Schema, JsonNode.Parse(Whole)!);
        return places;

        void Walk(IReadOnlyList<object> path, JsonObject unresolved, JsonNode value)
        {
            var schema = Validator.Resolve(unresolved);
            if (value is JsonObject && schema["oneOf"] is JsonArray ways)
            {
                schema = ways.Select(way => way!.AsObject()).First(way => way["properties"] is not null);
            }

            places.Add((path, schema));
            switch (value)
            {
                case JsonObject mapping when schema["properties"] is { } properties:
                    foreach (var (key, child) in mapping)
                    {
                        Walk([.. path, key], properties[key].ShouldNotBeNull($"{Name(path)}.{key}").AsObject(), child!);
                    }

                    break;
                case JsonArray array:
                    for (var index = 0; index < array.Count; index++)
                    {
                        Walk([.. path, index], schema["items"]!.AsObject(), array[index]!);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Values on both sides of everything that the schema says of a place, and some that fit nowhere.</summary>
    private static IEnumerable<JsonNode?> Edges(JsonObject schema)
    {
        foreach (var part in new[] { schema }.Concat((schema["oneOf"] as JsonArray ?? []).Select(way => Validator.Resolve(way!.AsObject()))))
        {
            foreach (var bound in new[] { "minimum", "maximum", "exclusiveMinimum" }.Where(bound => part[bound] is not null).Select(bound => (double)part[bound]!))
            {
                yield return Number(bound - 1);
                yield return Number(bound);
                yield return Number(bound + 1);
            }

            foreach (var length in new[] { "minLength", "maxLength" }.Where(bound => part[bound] is not null).Select(bound => (int)part[bound]!))
            {
                yield return new string('x', Math.Max(0, length - 1));
                yield return new string('x', length);
                yield return new string('x', length + 1);
                yield return new string('X', length);
            }

            foreach (var one in part["enum"] as JsonArray ?? [])
            {
                yield return one!.DeepClone();
            }
        }

        foreach (var text in new[] { "nonsense and more", "0%", "1%", "100%", "101%", "5%%", "30s", "1h30m", "30m1h", "10", "m", "22:00", "24:00", "Sat 22:00", "Sat  22:00", "sunday 06:00", "Foo 06:00", "2026-11-21T22:00:00Z", "2026-11-21T22:00", "a3f00000-0000-4000-8000-000000000001", "{a3f00000-0000-4000-8000-000000000001}", "a-b", "-a", "a-", "REPLICATION_LAG", "10.0.0.1", "fe80::1" })
        {
            // Where a number stands, the reader takes one in quotation marks too; the schema keeps to the plain form.
            if (text != "10" || schema["pattern"] is not null)
            {
                yield return text;
            }
        }

        yield return new JsonArray(new JsonArray());
        yield return new JsonObject { ["nobodyKnowsThis"] = 1 };
    }

    private static JsonNode Number(double value) => value.Equals(Math.Floor(value)) ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonNode? At(JsonNode document, IReadOnlyList<object> path)
        => path.Aggregate((JsonNode?)document, (node, step) => step is int index ? node![index] : node![(string)step]);

    private static void Set(JsonNode document, IReadOnlyList<object> path, JsonNode? value)
    {
        var parent = At(document, path.SkipLast(1).ToList())!;
        if (path[^1] is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)path[^1]] = value;
        }
    }

    private static string Name(IReadOnlyList<object> path)
        => string.Concat(path.Select((step, position) => step is int index ? string.Create(CultureInfo.InvariantCulture, $"[{index}]") : (position == 0 ? "" : ".") + step));
}
