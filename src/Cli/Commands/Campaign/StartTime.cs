using System.CommandLine;
using System.Globalization;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>Points in time on the command line.</summary>
internal static class StartTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The option --at.</summary>
    public static Option<DateTimeOffset?> Option(string description) => new("--at")
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = argument =>
        {
            if (TryParse(argument.Tokens[0].Value, out var time))
            {
                return time;
            }

            argument.AddError($"--at: \"{argument.Tokens[0].Value}\" is not a time: ISO 8601 with its offset is needed, for example 2026-11-21T22:00:00+01:00.");
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
