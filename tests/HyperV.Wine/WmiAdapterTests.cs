using HostAgent.HyperV.Wine.Harness;
using HostAgent.HyperV.Wine.Harness.Running;

namespace HostAgent.HyperV.Wine;

/// <summary>The adapters to WMI, run for real: every case of the program is a test here.</summary>
/// <param name="run">The run that they all come from.</param>
[Collection(WineMachine.Tests)]
public sealed class WmiAdapterTests(HarnessRun run) : IClassFixture<HarnessRun>
{
    public static TheoryData<string, string> Cases
        => [.. CaseGroups.All.SelectMany(group => group.CaseNames.Select(name => (group.Name, name)))];

    public static TheoryData<string> Groups => [.. CaseGroups.All.Select(group => group.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_passes(string group, string name)
    {
        var line = run.LineOf(group, name);
        Assert.SkipWhen(line.Outcome is CaseOutcome.Skipped, line.Detail ?? "The case was skipped.");
        line.Outcome.ShouldBe(CaseOutcome.Passed, line.Detail);
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Group_ends_by_itself(string group)
    {
        run.RequireEnd(group);
    }

    /// <summary>The three columns of the README.</summary>
    [Theory]
    [InlineData("contract-wmi")]
    [InlineData("contract-mi")]
    public void Contract_ends_the_same_over_each_adapter_as_over_the_simulation(string name)
    {
        var (adapter, simulation) = (CaseGroups.All.Single(group => group.Name == name), CaseGroups.ContractOverSimulation);
        adapter.CaseNames.ShouldNotBeEmpty();
        adapter.CaseNames.Select(name => (name, run.LineOf(adapter.Name, name).Outcome))
            .ShouldBe(simulation.CaseNames.Select(name => (name, run.LineOf(simulation.Name, name).Outcome)));
    }
}
