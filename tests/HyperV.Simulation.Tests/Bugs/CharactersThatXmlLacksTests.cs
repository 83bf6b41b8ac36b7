using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Bugs;

/// <summary>A machine's name with a character that XML lacks passed the preflight, and then no call with its settings could be written.</summary>
public sealed class CharactersThatXmlLacksTests
{
    [Theory]
    [InlineData("bad\uFFFFname", "U+FFFF")]
    [InlineData("bad\uFFFEname", "U+FFFE")]
    [InlineData("bad\u0001name", "U+0001")]
    public async Task The_preflight_says_what_was_seen_and_what_to_do(string name, string seen)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine(name)));
        var report = await stage.Door.CheckReadinessAsync(new VirtualMachineId(Stage.Machine(name).Id), RecoveryPointSelector.Latest, Stage.Token);
        report.Ready.ShouldBeFalse();
        var check = report.Obstacles([]).Single();
        (check.Id, check.Severity).ShouldBe((ReadinessCheckId.ReplicationSettingsNotWritable, CheckSeverity.Blocking));
        check.Observed.ShouldContain($"the character {seen}, which XML cannot carry");
        check.Remedy.ShouldStartWith("Rename the machine");
    }

    [Theory]
    [InlineData("größe 😀")]
    [InlineData("<&\"'>]]>")]
    [InlineData("tab\u2028\u202E\uFFFD")]
    public async Task Names_that_XML_can_carry_pass(string name)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine(name)));
        var report = await stage.Door.CheckReadinessAsync(new VirtualMachineId(Stage.Machine(name).Id), RecoveryPointSelector.Latest, Stage.Token);
        report.Ready.ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_tells_of_the_health_of_such_a_machine()
    {
        var machine = Stage.Machine("bad\uFFFFname") with { Health = ReplicationHealth.Warning };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machine));
        var answer = await stage.Door.GetReplicationStatisticsAsync(new VirtualMachineId(machine.Id), Stage.Token);
        answer!.HealthIssues.ShouldHaveSingleItem().Message.ShouldContain("bad\uFFFDname");
    }

    [Theory]
    [InlineData("x\uFFFEy")]
    [InlineData("x\uFFFFy")]
    public void An_estate_is_not_taken_whose_faults_a_host_could_not_tell(string description)
        => EstateDocument.Parse($"apiVersion: failback/v1\nkind: Estate\nhosts: [{{name: hv-1, faults: [{{kind: jobFails, description: \"{description}\"}}]}}]", "estate.yaml")
            .Errors.ShouldHaveSingleItem().Message.ShouldContain("XML 1.0 cannot represent");

    [Theory]
    [InlineData("", true)]
    [InlineData("a\tb\r\nc", true)]
    [InlineData("😀", true)]
    [InlineData("\uFFFD", true)]
    [InlineData("\0", false)]
    public void XML_has_most_characters(string text, bool carried) => CimXmlText.CanCarry(text).ShouldBe(carried);

    // Apart: what lists theory data cannot hold half of a pair.
    [Fact]
    public void XML_has_no_half_of_a_surrogate_pair()
    {
        CimXmlText.CanCarry("a\uD83D").ShouldBeFalse();
        CimXmlText.CanCarry("\uDE00a").ShouldBeFalse();
    }
}
