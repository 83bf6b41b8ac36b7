using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Harness;

/// <summary>
/// Writes every field of a state, private ones and indexes included, as one canonical text. It knows no field by name, so that a new
/// one cannot be forgotten. Objects of ours are numbered where they first appear and referred to by number afterwards.
/// </summary>
internal static class StateDump
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();

    public static string Of(CampaignState state)
    {
        var text = new StringBuilder();
        Write(text, state, new Dictionary<object, int>(ReferenceEqualityComparer.Instance), 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, Dictionary<object, int> numbers, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null\n");
                return;
            case string or Guid or bool or Enum or byte or int or long or double or TimeSpan or TimeOnly:
                text.Append(CultureInfo.InvariantCulture, $"{value}\n");
                return;
            case AgentJournal journal:
                // A value: whether two hold the same one or an equal one is no difference.
                text.Append(CultureInfo.InvariantCulture, $"{journal}\n");
                return;
            case DateTimeOffset time:
                text.Append(time.ToString("O", CultureInfo.InvariantCulture)).Append('\n');
                return;
            case IDictionary dictionary:
                text.Append('\n');
                foreach (var key in dictionary.Keys.Cast<object>().OrderBy(key => key.ToString(), StringComparer.Ordinal))
                {
                    Indent(text, depth).Append(key).Append(" => ");
                    Write(text, dictionary[key], numbers, depth + 1);
                }

                return;
            case IEnumerable list:
                text.Append('\n');
                foreach (var element in list)
                {
                    Indent(text, depth).Append("- ");
                    Write(text, element, numbers, depth + 1);
                }

                return;
        }

        var type = value.GetType();
        if (!type.IsValueType)
        {
            if (numbers.TryGetValue(value, out var number))
            {
                text.Append(CultureInfo.InvariantCulture, $"#{number}\n");
                return;
            }

            numbers.Add(value, numbers.Count);
            text.Append(CultureInfo.InvariantCulture, $"{type.Name} #{numbers.Count - 1}\n");
        }
        else
        {
            text.Append(type.Name).Append('\n');
        }

        foreach (var field in Fields.GetOrAdd(type, AllFields))
        {
            Indent(text, depth).Append(field.Name).Append(": ");
            Write(text, field.GetValue(value), numbers, depth + 1);
        }
    }

    private static StringBuilder Indent(StringBuilder text, int depth) => text.Append(' ', depth);

    private static FieldInfo[] AllFields(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
        {
            fields.AddRange(current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        }

        return [.. fields.OrderBy(field => field.Name, StringComparer.Ordinal)];
    }
}
