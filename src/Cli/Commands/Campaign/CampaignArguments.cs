using System.CommandLine;
using System.Globalization;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>Arguments and options that several campaign commands share. Each call makes a new one.</summary>
internal static class CampaignArguments
{
    public static Argument<string> Name() => new("NAME") { Description = "The campaign: return-to-east or campaigns/return-to-east." };

    public static Argument<string> File() => new("FILE") { Description = "The campaign's document, YAML or JSON; - reads standard input." };

    public static Option<string> Reason(bool required = false) => new("--reason")
    {
        HelpName = "TEXT",
        Required = required,
        Description = "Why; kept in the audit records (at most 1024 characters).",
    };

    /// <summary>Whether to accept what a plan does not have.</summary>
    public static Option<bool> AcceptWarnings() => new("--accept-warnings")
    {
        Description = "Store it even if hosts, machines, waves or dependencies of the document match nothing; the audit records who accepted that.",
    };

    public static Option<bool> Watch() => new("--watch") { Description = "Watch the campaign until it ends." };
}

/// <summary>Points in time on the command line.</summary>
internal static class StartTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static Option<DateTimeOffset?> Option(string description, string name = "--at") => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = argument =>
        {
            if (TryParse(argument.Tokens[0].Value, out var time))
            {
                return time;
            }

            argument.AddError($"{name}: \"{argument.Tokens[0].Value}\" is not a time; expected ISO 8601 with an offset, for example 2026-11-21T22:00:00+01:00.");
            return null;
        },
    };

    /// <summary>Reads ISO 8601 with an offset. Without one a time means another moment on each machine, so it is refused.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
