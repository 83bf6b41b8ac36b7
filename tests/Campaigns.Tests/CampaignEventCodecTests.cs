using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests;

public class CampaignEventCodecTests
{
    [Fact]
    public void Write_then_read_gives_back_the_same_text_for_a_whole_document()
    {
        const string Everything = """
            recoveryPoint: {at: "2026-11-21T22:00:00Z"}
            replicationSettings: {authenticationType: certificate, recoveryServerPort: 443, replicationInterval: 5m}
            waves:
              - {name: canary, take: 10%, gate: {approval: {by: [lead]}, soak: 10m}}
              - {name: sql, match: {hosts: {site: west, labels: {rack: r1}}, vms: {names: ["m*"]}}, ramp: {start: 1, factor: 1.5}}
              - {name: rest}
            dependencies: [{item: {vm: m0-1}, after: {vm: m0-0, host: h*}}]
            limits: {campaign: 50%, host: 2, site: 3, link: 4, tenant: 5}
            tolerance: {failures: 5%, perHost: 3, window: {failures: 10, in: 15m}, onBreach: stop}
            window: {opens: "22:00", closes: "06:00", timeZone: UTC}
            readiness: {maxAge: 2h, ignore: [REPLICATION_LAG]}
            """;
        var scenario = Scenario.Planned(Everything, Estate.Uniform(2, 3));

        scenario.Log.Select(json => CampaignEventCodec.Write(CampaignEventCodec.Read(json))).ShouldBe(scenario.Log);
        scenario.Log[0].ShouldStartWith("{\"event\":\"campaign-created\",");
        foreach (var json in scenario.Log)
        {
            var bytes = new ArrayBufferWriter<byte>();
            CampaignEventCodec.Write(CampaignEventCodec.Read(json), bytes);
            Encoding.UTF8.GetString(bytes.WrittenSpan).ShouldBe(json, "as bytes");
        }
    }

    [Fact]
    public void Read_ignores_fields_it_does_not_know_and_takes_them_in_any_order()
        => CampaignEventCodec.Read("""{"item":"a","later":{"x":[1]},"nextAttempt":"2026-11-21T20:00:00+00:00","notReady":true,"reason":"R","explanation":"E","at":"2026-11-21T19:00:00+00:00","event":"item-retry-scheduled"}""")
            .ShouldBe(new ItemRetryScheduled("a", Scenario.Begin, NotReady: true, "R", "E") { At = Scenario.Begin.AddHours(-1) });

    [Theory]
    [InlineData("{\"event\":\"item-teleported\",\"item\":\"a\"}")]
    [InlineData("{\"item\":\"a\"}")]
    [InlineData("null")]
    [InlineData("nonsense")]
    public void Read_of_what_is_no_event_fails(string json) => Should.Throw<Exception>(() => CampaignEventCodec.Read(json)).ShouldBeAssignableTo<Exception>()
        .ShouldSatisfyAllConditions(error => (error is JsonException or NotSupportedException).ShouldBeTrue(error.GetType().Name));

    [Fact]
    public void Enumerations_are_written_as_words()
        => CampaignEventCodec.Write(new CampaignEnded(CampaignStatus.CompletedWithFailures)).ShouldBe(
            "{\"event\":\"campaign-ended\",\"status\":\"CompletedWithFailures\",\"at\":\"0001-01-01T00:00:00+00:00\"}");

    [Fact]
    public void Every_event_has_a_name_of_its_own_and_can_be_named()
    {
        var events = typeof(CampaignEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CampaignEvent)) && !type.IsAbstract).ToList();
        var named = typeof(CampaignEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Cast<JsonDerivedTypeAttribute>().ToList();

        named.Select(attribute => attribute.DerivedType).ShouldBe(events, ignoreOrder: true);
        named.Select(attribute => attribute.TypeDiscriminator).Distinct().Count().ShouldBe(events.Count);
        CampaignEventCodec.NameOf(new ItemDue("a")).ShouldBe("item-due");
    }
}
