using System.CommandLine;
using System.CommandLine.Completions;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Client;

/// <summary>Names that only the coordinator knows, for a shell that completes a command line.</summary>
internal sealed class NameCompletion(CommandContext context)
{
    private const int MostNames = 500;

    // A person waits at the prompt.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Offers names for the argument of every command of a group that has it.</summary>
    public static void Offer(RootCommand root, string group, string argument, Func<CompletionContext, IEnumerable<CompletionItem>> names)
    {
        foreach (var command in root.Subcommands.Single(command => command.Name == group).Subcommands)
        {
            foreach (var taken in command.Arguments.Where(taken => taken.Name == argument))
            {
                // Without a word of its own a help page would ask for the names, and show them in its place.
                taken.HelpName = argument;
                taken.CompletionSources.Add(names);
            }
        }
    }

    /// <summary>The newest campaigns.</summary>
    public IEnumerable<CompletionItem> Campaigns(CompletionContext line) => Ask(line, (coordinator, options)
        => coordinator.Campaigns.ListCampaigns(new ListCampaignsRequest { PageSize = MostNames }, options).Campaigns.Select(campaign => campaign.Name));

    /// <summary>The hosts of the inventory.</summary>
    public IEnumerable<CompletionItem> Hosts(CompletionContext line) => Ask(line, (coordinator, options)
        => coordinator.Hosts.ListHosts(new ListHostsRequest { PageSize = MostNames }, options).Hosts.Select(host => host.Name));

    /// <summary>The channels of notifications.</summary>
    public IEnumerable<CompletionItem> Channels(CompletionContext line) => Ask(line, (coordinator, options)
        => coordinator.Notifications.ListNotificationChannels(new ListNotificationChannelsRequest(), options).Channels.Select(channel => channel.Name));

    private CompletionItem[] Ask(CompletionContext line, Func<CoordinatorConnection, CallOptions, IEnumerable<string>> ask)
    {
        try
        {
            using var coordinator = CoordinatorConnection.Open(context.Connection.Resolve(line.ParseResult), context.Environment.Time);
            var options = new CallOptions(deadline: (context.Environment.Time.GetUtcNow() + Patience).UtcDateTime);
            return [.. ask(coordinator, options).Select(name => new CompletionItem(ResourceName.Id(name)))];
        }
        catch (Exception exception) when (exception is CommandException or RpcException)
        {
            // Half a command line has no place for an error: there is nothing to offer, and the command itself will say why.
            return [];
        }
    }
}
