using System.CommandLine;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>Arguments and options that several campaign commands share. Each call makes a new one.</summary>
internal static class CampaignArguments
{
    /// <summary>The campaign.</summary>
    public static Argument<string> Name() => new("NAME") { Description = "The campaign: return-to-east or campaigns/return-to-east." };

    /// <summary>The document.</summary>
    public static Argument<string> File() => new("FILE") { Description = "The campaign's document, YAML or JSON; - reads standard input." };

    /// <summary>Why.</summary>
    public static Option<string> Reason(bool required = false) => new("--reason")
    {
        HelpName = "TEXT",
        Required = required,
        Description = "Why; kept in the audit records (at most 1024 characters).",
    };

    /// <summary>Whether to accept what a plan does not have.</summary>
    public static Option<bool> AcceptWarnings() => new("--accept-warnings")
    {
        Description = "Store it although hosts, machines, waves or dependencies of the document match nothing; who accepts is kept in the audit.",
    };

    /// <summary>Whether to watch.</summary>
    public static Option<bool> Watch() => new("--watch") { Description = "Watch the campaign until it has ended." };
}
