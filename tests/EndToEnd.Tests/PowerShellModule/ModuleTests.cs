using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.PowerShellModule;

/// <summary>The module in the real shell, against agents and a coordinator that are processes. What is expected stands in the scripts of this folder.</summary>
public sealed class ModuleTests
{
    [Fact]
    public async Task A_campaign_is_planned_tried_run_approved_and_proved_with_objects()
    {
        Assert.SkipWhen(PowerShellPeer.Program is null, PowerShellPeer.Missing);
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(2, 2, seed: 11), speed: 2000);
        await PowerShellPeer.RunAsync("campaign.ps1", cluster.Root, cluster);
    }

    [Fact]
    public async Task Refusals_leave_the_other_objects_of_a_pipeline_and_arguments_arrive_as_they_are()
    {
        Assert.SkipWhen(PowerShellPeer.Program is null, PowerShellPeer.Missing);
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(2, 2, seed: 11), speed: 2000);
        await PowerShellPeer.RunAsync("refusals.ps1", cluster.Root, cluster);
    }

    [Fact]
    public async Task Every_command_has_an_approved_verb_help_for_each_parameter_and_an_example_and_the_program_completes_words()
    {
        Assert.SkipWhen(PowerShellPeer.Program is null, PowerShellPeer.Missing);
        var directory = Directory.CreateTempSubdirectory("failback-powershell-");
        try
        {
            await PowerShellPeer.RunAsync("help.ps1", directory.FullName, cluster: null);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
