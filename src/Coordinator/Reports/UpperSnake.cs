using System.Text.Json;

namespace HostAgent.Coordinator.Reports;

/// <summary>States as people read them everywhere else: UnknownOutcome is UNKNOWN_OUTCOME.</summary>
internal static class UpperSnake
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}
