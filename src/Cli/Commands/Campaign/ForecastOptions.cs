using System.CommandLine;
using System.CommandLine.Parsing;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Documents;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>The options that say what a forecast may assume.</summary>
/// <param name="when">When they apply, the beginning of each description.</param>
internal sealed class ForecastOptions(string when)
{
    private const string RateRule = "a rate such as 200MiB/s or 1Gbit/s";

    private readonly Option<RateRange?> _rate = new("--assume-rate")
    {
        HelpName = "RATE[..RATE]",
        Description = $"{when}: how fast a machine is failed back, in disk size a second, such as 200MiB/s or 100MiB/s..300MiB/s; instead of what was measured.",
        CustomParser = ParseRate,
    };

    private readonly Option<long> _size = new("--assume-size")
    {
        HelpName = "SIZE",
        Description = $"{when}: the disk size to assume for machines whose size is unknown, such as 100GiB.",
        CustomParser = argument => SizeText.TryRead(argument.Tokens[0].Value, out var bytes) && bytes > 0
            ? bytes
            : Refuse(argument, "--assume-size", "a size such as 100GiB", 0L),
    };

    private readonly Option<LinkBandwidth[]> _links = new("--assume-link")
    {
        HelpName = "[SITE:PRIMARY=]RATE",
        Description = $"{when}: the bandwidth of every link, or of the one from a site to a primary site, such as west:east=10Gbit/s; may be given several times.",
        CustomParser = argument => [.. argument.Tokens.Select(token => ParseLink(argument, token.Value))],
    };

    private readonly Option<DateTimeOffset?> _start =
        StartTime.Option($"{when}: when the campaign would be started, for example 2026-11-21T22:00:00+01:00; now when not given.");

    private readonly Option<DateTimeOffset?> _homeBy =
        StartTime.Option($"{when}: when every machine should be home; the forecast says whether it will be, and which smallest change of a limit does it.", "--home-by");

    /// <summary>Adds what a forecast may assume, without its times, which the command has itself.</summary>
    public void AddAssumptionsTo(Command command)
    {
        command.Add(_rate);
        command.Add(_size);
        command.Add(_links);
    }

    /// <summary>Adds the options to a command, where they need another one.</summary>
    /// <param name="command">The command.</param>
    /// <param name="forecast">The option that asks for a forecast.</param>
    /// <param name="always">Whether there is one anyway.</param>
    public void AddTo(Command command, Option<bool> forecast, Func<SymbolResult, bool> always)
    {
        System.CommandLine.Option[] options = [_rate, _size, _links, _start, _homeBy];
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (!result.GetValue(forecast) && !always(result) && options.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
            {
                result.AddError($"{given.Name} applies to a forecast only; add {forecast.Name}.");
            }
        });
    }

    /// <summary>What was given; null when nothing was.</summary>
    public ForecastAssumptions? Read(ParseResult parsed)
    {
        var assumptions = new ForecastAssumptions
        {
            Rate = parsed.GetValue(_rate),
            DiskBytes = parsed.GetValue(_size),
            StartTime = parsed.GetValue(_start)?.ToTimestamp(),
        };
        assumptions.Links.AddRange(parsed.GetValue(_links) ?? []);
        return assumptions.Equals(new ForecastAssumptions()) ? null : assumptions;
    }

    /// <summary>When every machine should be home; null for no deadline.</summary>
    public Timestamp? ReadHomeBy(ParseResult parsed) => parsed.GetValue(_homeBy)?.ToTimestamp();

    private static RateRange? ParseRate(ArgumentResult argument)
    {
        var ends = argument.Tokens[0].Value.Split("..", 2);
        if (RateText.TryRead(ends[0], out var low) && low > 0 && RateText.TryRead(ends[^1], out var high) && high >= low)
        {
            return new RateRange { LowBytesPerSecond = low, HighBytesPerSecond = high };
        }

        return Refuse<RateRange?>(argument, "--assume-rate", $"{RateRule}, or a range with the lower rate first", null);
    }

    private static LinkBandwidth ParseLink(ArgumentResult argument, string text)
    {
        var parts = text.Split('=', 2);
        var sites = parts.Length == 2 ? parts[0].Split(':') : [];
        if (parts.Length == 2 == (sites.Length == 2) && Array.TrueForAll(sites, site => site.Length > 0) && RateText.TryRead(parts[^1], out var rate) && rate > 0)
        {
            return new LinkBandwidth { Site = sites.Length == 2 ? sites[0] : "", PrimarySite = sites.Length == 2 ? sites[1] : "", BytesPerSecond = rate };
        }

        argument.AddError($"--assume-link: \"{text}\" is not allowed; expected {RateRule}, or one for a link such as west:east=10Gbit/s.");
        return new LinkBandwidth();
    }

    private static T Refuse<T>(ArgumentResult argument, string name, string needed, T value)
    {
        argument.AddError($"{name}: \"{argument.Tokens[0].Value}\" is not allowed; expected {needed}.");
        return value;
    }
}
