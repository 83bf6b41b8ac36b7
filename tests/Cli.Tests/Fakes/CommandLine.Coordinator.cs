namespace HostAgent.Cli.Tests.Fakes;

public sealed partial class CommandLine
{
    /// <summary>A command line whose environment names a coordinator and its operator.</summary>
    public CommandLine(FakeCoordinator coordinator)
        : this()
    {
        coordinator.Campaigns.Reset();
        Environment["FAILBACK_COORDINATOR"] = coordinator.Address;
        Identify(coordinator.Operator);
    }
}
