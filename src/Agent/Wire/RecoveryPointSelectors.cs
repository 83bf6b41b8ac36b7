using Google.Protobuf.WellKnownTypes;
using Domain = HostAgent.HyperV.RecoveryPoints;
using Message = HostAgent.Contracts.Failback.V1.RecoveryPointSelector;

namespace HostAgent.Agent.Wire;

/// <summary>Reads which recovery point a request wants.</summary>
internal static class RecoveryPointSelectors
{
    private const int LongestIdentifier = 1024;

    /// <summary>Reads a selector; unset is the latest state.</summary>
    public static Domain.RecoveryPointSelector Read(Message? selector, FieldErrors errors)
    {
        switch (selector?.SelectorCase)
        {
            case null:
                return Domain.RecoveryPointSelector.Latest;
            case Message.SelectorOneofCase.Latest:
                MustBeTrue("recovery_point.latest", selector.Latest, errors);
                return Domain.RecoveryPointSelector.Latest;
            case Message.SelectorOneofCase.LatestApplicationConsistent:
                MustBeTrue("recovery_point.latest_application_consistent", selector.LatestApplicationConsistent, errors);
                return Domain.RecoveryPointSelector.LatestApplicationConsistent;
            case Message.SelectorOneofCase.NotAfter:
                return NotAfter(selector.NotAfter, errors);
            case Message.SelectorOneofCase.Identifier:
                if (selector.Identifier.Length is 0 or > LongestIdentifier)
                {
                    errors.Add("recovery_point.identifier", $"has {selector.Identifier.Length} characters; it must have 1 to {LongestIdentifier}");
                }

                return Domain.RecoveryPointSelector.Exactly(selector.Identifier);
            default:
                errors.Add("recovery_point", "is empty: set exactly one of latest, latest_application_consistent, not_after, identifier, or leave it out");
                return Domain.RecoveryPointSelector.Latest;
        }
    }

    private static Domain.RecoveryPointSelector NotAfter(Timestamp time, FieldErrors errors)
    {
        try
        {
            return Domain.RecoveryPointSelector.NotAfter(time.ToDateTimeOffset());
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            errors.Add("recovery_point.not_after", $"{time.Seconds} s and {time.Nanos} ns is not a time of the years 1 to 9999");
            return Domain.RecoveryPointSelector.Latest;
        }
    }

    private static void MustBeTrue(string field, bool value, FieldErrors errors)
    {
        if (!value)
        {
            errors.Add(field, "is false; it must be true when it is set");
        }
    }
}
