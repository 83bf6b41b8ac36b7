using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

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

/// <summary>Arguments that several host commands share. Each call makes a new one.</summary>
internal static class HostArguments
{
    /// <summary>The host.</summary>
    public static Argument<string> Host() => new("HOST") { Description = "The host: hv-west-01 or hosts/hv-west-01." };
}

/// <summary>failback host list: the hosts of the inventory with what was last seen of them.</summary>
internal sealed class HostListCommand(CommandSetting setting) : CoordinatorCommand("list", "List the hosts with what was last seen of them. Asks no host.", setting)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ListHostsRequest();
        var all = new ListHostsResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListHostsAsync(request, coordinator.Deadline(cancellation));
            all.Hosts.AddRange(page.Hosts);
            return page.NextPageToken;
        });

        Results(parsed).Write(all, shell => HostText.WriteList(shell, all.Hosts));
        return ExitCode.Success;
    }
}

/// <summary>failback host show: one host, asked now.</summary>
internal sealed class HostShowCommand : CoordinatorCommand
{
    private readonly Argument<string> _host = HostArguments.Host();

    /// <summary>Defines the command.</summary>
    public HostShowCommand(CommandSetting setting)
        : base("show", "Ask one host and show what it says of itself.", setting)
        => Add(_host);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new GetHostRequest { Name = ResourceName.Host(parsed.GetRequiredValue(_host)) };
        var host = await coordinator.Hosts.GetHostAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(host, shell => HostText.WriteHost(shell, host));
        return host.Reachability == Reachability.Unreachable ? ExitCode.Failed : ExitCode.Success;
    }
}

/// <summary>failback host vms: the virtual machines of one host, asked now.</summary>
internal sealed class HostVirtualMachinesCommand : CoordinatorCommand
{
    private const int LargestPage = 2000;

    private readonly Argument<string> _host = HostArguments.Host();

    /// <summary>Defines the command.</summary>
    public HostVirtualMachinesCommand(CommandSetting setting)
        : base("vms", "Ask one host for its virtual machines and whether they can be failed back.", setting)
        => Add(_host);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ListVirtualMachinesRequest { Parent = ResourceName.Host(parsed.GetRequiredValue(_host)), PageSize = LargestPage };
        var all = new ListVirtualMachinesResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListVirtualMachinesAsync(request, coordinator.Deadline(cancellation));
            all.VirtualMachines.AddRange(page.VirtualMachines);
            return page.NextPageToken;
        });

        Results(parsed).Write(all, shell => HostText.WriteVirtualMachines(shell, all.VirtualMachines));
        return ExitCode.Success;
    }
}
