using System.CommandLine;

namespace HostAgent.Cli.Commands.Host;

/// <summary>The group "failback host".</summary>
internal static class HostCommands
{
    /// <summary>Builds the group.</summary>
    public static Command Create(CommandSetting setting)
    {
        var group = new Command("host", "See the Hyper-V hosts that the coordinator knows.")
        {
            new HostListCommand(setting),
            new HostShowCommand(setting),
            new HostVirtualMachinesCommand(setting),
            new HostCheckCommand(setting),
        };
        setting.Connection.AddTo(group);
        return group;
    }
}
