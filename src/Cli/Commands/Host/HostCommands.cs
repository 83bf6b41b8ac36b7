using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Host;

internal static class HostCommands
{
    public static Command Create(CommandContext context)
    {
        var group = new Command("host", "Show the Hyper-V hosts in the coordinator's inventory.")
        {
            new HostListCommand(context),
            new HostShowCommand(context),
            new HostVirtualMachinesCommand(context),
            new HostCheckCommand(context),
        };
        context.Connection.AddTo(group);
        return group;
    }
}

/// <summary>Arguments that several host commands share. Each call makes a new one.</summary>
internal static class HostArguments
{
    public static Argument<string> Host() => new("HOST") { Description = "The host: hv-west-01 or hosts/hv-west-01." };
}

/// <summary>failback host list: the hosts of the inventory with what was last seen of them.</summary>
internal sealed class HostListCommand(CommandContext context) : CoordinatorCommand("list", "List the hosts and their last known state. Contacts no host.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var all = new ListHostsResponse();
        all.Hosts.AddRange(await CoordinatorLists.HostsAsync(coordinator, cancellationToken));
        Results(parsed).Write(all, environment => HostText.WriteList(environment, all.Hosts));
        return ExitCode.Success;
    }
}

/// <summary>failback host show: one host, asked now.</summary>
internal sealed class HostShowCommand : CoordinatorCommand
{
    private readonly Argument<string> _host = HostArguments.Host();

    public HostShowCommand(CommandContext context)
        : base("show", "Query one host and show its state.", context)
        => Add(_host);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new GetHostRequest { Name = ResourceName.Host(parsed.GetRequiredValue(_host)) };
        var host = await coordinator.Hosts.GetHostAsync(request, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(host, environment => HostText.WriteHost(environment, host));
        return host.Reachability == Reachability.Unreachable ? ExitCode.Failed : ExitCode.Success;
    }
}

/// <summary>failback host vms: the virtual machines of one host, asked now.</summary>
internal sealed class HostVirtualMachinesCommand : CoordinatorCommand
{
    /// <summary>The most machines that the coordinator puts on one page.</summary>
    internal const int LargestPage = 2000;

    private readonly Argument<string> _host = HostArguments.Host();

    public HostVirtualMachinesCommand(CommandContext context)
        : base("vms", "List the virtual machines of one host and whether each can be failed back.", context)
        => Add(_host);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListVirtualMachinesRequest { Parent = ResourceName.Host(parsed.GetRequiredValue(_host)), PageSize = LargestPage };
        var all = new ListVirtualMachinesResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListVirtualMachinesAsync(request, coordinator.Deadline(cancellationToken));
            all.VirtualMachines.AddRange(page.VirtualMachines);
            return page.NextPageToken;
        });

        Results(parsed).Write(all, environment => HostText.WriteVirtualMachines(environment, all.VirtualMachines));
        return ExitCode.Success;
    }
}
