using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Agent.Wire;

/// <summary>Collects everything that is wrong with a request, so that a caller learns it all at once.</summary>
internal sealed class FieldErrors
{
    private const int UuidLength = 36;

    private readonly List<FieldViolation> _violations = [];

    /// <summary>Adds an error.</summary>
    public void Add(string field, string description) => _violations.Add(new FieldViolation(field, description));

    /// <summary>Reads a required UUID in the 8-4-4-4-12 form.</summary>
    public Guid Uuid(string field, string value)
    {
        Guid id = default;
        // TryParseExact forgives white space around the UUID; the contract does not.
        if (value.Length != UuidLength || !Guid.TryParseExact(value, "D", out id))
        {
            Add(field, value.Length == 0
                ? "is required: a UUID in the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
                : $"'{VisibleText.Shortened(value)}' is not a UUID in the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        }
        else if (id == Guid.Empty)
        {
            Add(field, "is the UUID of zeros, which names nothing");
        }

        return id;
    }

    /// <summary>Reads a UUID that may be absent.</summary>
    public Guid? OptionalUuid(string field, string value) => value.Length == 0 ? null : Uuid(field, value);

    /// <summary>Reads a duration that may be absent; null when it is, or is none.</summary>
    public TimeSpan? Span(string field, Duration? duration)
    {
        try
        {
            return duration?.ToTimeSpan();
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            Add(field, $"{duration!.Seconds} s and {duration.Nanos} ns is not a duration");
            return null;
        }
    }

    /// <summary>Refuses the request when anything is wrong with it.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT with every error.</exception>
    public void ThrowIfAny()
    {
        if (_violations.Count > 0)
        {
            throw new RpcFailure(
                StatusCode.InvalidArgument,
                "INVALID_REQUEST",
                $"The request has {(_violations.Count == 1 ? "an error" : $"{_violations.Count} errors")}: {string.Join("; ", _violations.Select(violation => $"{violation.Field}: {violation.Description}"))}")
            {
                Metadata = new Dictionary<string, string> { ["fields"] = string.Join(',', _violations.Select(violation => violation.Field)) },
                FieldViolations = _violations,
            };
        }
    }
}
