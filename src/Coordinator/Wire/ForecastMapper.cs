using Google.Protobuf.WellKnownTypes;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Coordinator.Wire;

/// <summary>Converts a forecast to its message.</summary>
internal static class ForecastMapper
{
    public static Contracts.Campaigns.V1.Forecast ToMessage(CampaignForecast forecast, DateTimeOffset start)
    {
        var message = new Contracts.Campaigns.V1.Forecast
        {
            DurationP50 = forecast.Duration?.P50.ToDuration(),
            DurationP90 = forecast.Duration?.P90.ToDuration(),
            Basis = forecast.Basis,
            Bottleneck = forecast.Bottleneck,
            StartTime = forecast.Missing.Count == 0 ? start.ToTimestamp() : null,
            Stuck = forecast.Stuck,
            Runs = forecast.Runs,
        };
        message.Waves.AddRange(forecast.Waves.Select(ToMessage));
        message.Limits.AddRange(forecast.Limits.Select(limit => new Contracts.Campaigns.V1.ForecastLimit
        {
            Limit = limit.Limit,
            Allowed = limit.Allowed,
            Peak = limit.Peak,
            Keys = limit.Keys,
            Full = limit.Full,
        }));
        message.Changes.AddRange(forecast.Changes.Select(ToMessage));
        if (forecast.Deadline is { } deadline)
        {
            message.Deadline = new Contracts.Campaigns.V1.ForecastDeadline
            {
                HomeBy = deadline.HomeBy.ToTimestamp(),
                Met = deadline.IsMet,
                Change = deadline.Change is { } change ? ToMessage(change) : null,
                Answer = deadline.Answer,
            };
        }

        message.Assumed.AddRange(forecast.Assumed);
        message.Missing.AddRange(forecast.Missing.Select(fact => new Contracts.Campaigns.V1.MissingFact
        {
            What = fact.What,
            Explanation = fact.Explanation,
            Count = fact.Count,
            Examples = { fact.Examples },
        }));
        return message;
    }

    public static Contracts.Campaigns.V1.StartForecast ToMessage(StartForecast forecast)
    {
        var message = new Contracts.Campaigns.V1.StartForecast { DurationP50 = forecast.Duration.P50.ToDuration(), DurationP90 = forecast.Duration.P90.ToDuration(), Basis = forecast.Basis };
        message.Waves.AddRange(forecast.Waves.Select(ToMessage));
        return message;
    }

    private static Contracts.Campaigns.V1.ForecastWave ToMessage(ForecastWave wave) => new()
    {
        Name = wave.Name,
        StartP50 = wave.Start.P50.ToDuration(),
        StartP90 = wave.Start.P90.ToDuration(),
        EndP50 = wave.End.P50.ToDuration(),
        EndP90 = wave.End.P90.ToDuration(),
    };

    private static Contracts.Campaigns.V1.ForecastChange ToMessage(ForecastChange change) => new()
    {
        Limit = change.Limit,
        Description = change.Description,
        Duration = change.Duration.ToDuration(),
    };
}
