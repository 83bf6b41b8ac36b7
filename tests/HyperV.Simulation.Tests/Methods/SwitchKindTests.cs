using HostAgent.HyperV.Failover;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>What a switch connects shows in the settings of its ports.</summary>
public sealed class SwitchKindTests
{
    [Theory]
    [InlineData("vSwitch", SwitchKind.External)]
    [InlineData("Lab", SwitchKind.Internal)]
    [InlineData("Isolated", SwitchKind.Private)]
    [InlineData("nowhere", SwitchKind.Unspecified)]
    public async Task Switch_is_described_by_what_its_ports_are_connected_to(string name, SwitchKind kind)
    {
        // A machine's own port on it changes nothing.
        var machine = Stage.Machine() with { Adapters = [new() { Switch = "vSwitch" }, new() { Switch = "Lab" }, new() { Switch = "Isolated" }] };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machine) with { Switches = ["vSwitch", "Lab", "Isolated"], InternalSwitches = ["Lab"], PrivateSwitches = ["Isolated"] });

        (await new NetworkCalls(stage.Session).DescribeSwitchAsync(name, Stage.Token)).Kind.ShouldBe(kind);
    }
}
