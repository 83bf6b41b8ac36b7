using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>Channels and what could not be delivered to them.</summary>
internal static class NotificationText
{
    /// <summary>A list of channels.</summary>
    public static void WriteChannels(CommandEnvironment environment, IReadOnlyList<NotificationChannel> channels)
    {
        var table = ListTable.Create("CHANNEL", "KIND", "TARGET", "LAST DELIVERED", ">WAITING", ">DEAD", ">DROPPED", "ERROR");
        foreach (var channel in channels)
        {
            table.Row(
                ResourceName.Id(channel.Name), channel.Kind.Length > 0 ? channel.Kind : "not in the settings", channel.Target, Quantity.Instant(channel.SuccessTime), Number(channel.Waiting),
                Number(channel.DeadLetters), Number(channel.Dropped), channel.Error.Length > 0 ? $"{Quantity.Instant(channel.ErrorTime)} {channel.Error}" : "");
        }

        table.Write(environment);
    }

    /// <summary>A list of dead letters.</summary>
    public static void WriteDead(CommandEnvironment environment, IReadOnlyList<DeadLetter> letters)
    {
        var table = ListTable.Create("CHANNEL", "ID", "TIME", ">ATTEMPTS", "WHAT", "WHY");
        foreach (var letter in letters)
        {
            table.Row(ResourceName.Id(letter.Channel), letter.Id, Quantity.Instant(letter.EventTime), Number(letter.Attempts), letter.Subject, letter.Reason);
        }

        table.Write(environment);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
