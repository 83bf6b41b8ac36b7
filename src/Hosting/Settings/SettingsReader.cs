using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace HostAgent.Hosting.Settings;

/// <summary>
/// Reads the settings of a section and reports all that is wrong with them at once: unknown keys, values that cannot be read, and values that the
/// <see cref="SettingRuleAttribute"/> beside the property or <see cref="ISettingsRules"/> does not allow.
/// </summary>
public static class SettingsReader
{
    /// <summary>Reads settings.</summary>
    /// <typeparam name="T">The settings; each property that can be set is one.</typeparam>
    /// <param name="configuration">All sources of settings.</param>
    /// <param name="section">The section.</param>
    /// <param name="errors">Receives one line for each error.</param>
    /// <returns>The settings. What could not be read has its default.</returns>
    public static T Read<T>(IConfiguration configuration, string section, ICollection<string> errors)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(errors);
        return (T)Read(typeof(T), configuration, section, errors);
    }

    private static object Read(Type type, IConfiguration configuration, string section, ICollection<string> errors)
    {
        var known = type.GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var groups = known.Values.Where(property => typeof(ISettingsGroup).IsAssignableFrom(property.PropertyType)).ToList();
        var unreadable = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var readable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        // The binder stops at the first value that it cannot read. Those values are reported and left out here, so that the rest is checked as well.
        foreach (var (key, value) in configuration.GetSection(section).AsEnumerable(makePathsRelative: true))
        {
            var name = key.Split(':')[0];
            if (!known.TryGetValue(name, out var property))
            {
                errors.Add($"{section}:{key} is not a setting; it must be one of {string.Join(", ", known.Keys)}.");
            }
            else if (groups.Contains(property))
            {
                // Its settings are read below. A value of the group itself has no meaning.
                if (key.Length == name.Length && value is not null)
                {
                    errors.Add($"{section}:{key} is '{value}'; it must be set by its own settings, such as {section}:{property.Name}:{property.PropertyType.GetProperties()[0].Name}.");
                }
            }
            else if (value is not null && !CanRead(property.PropertyType, value))
            {
                unreadable.Add(name);
                errors.Add(new SettingError(key, value, RuleOf(property)?.Allowed ?? AllowedOf(property.PropertyType)).ToLine(section));
            }
            else
            {
                readable[key] = value;
            }
        }

        var settings = new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Get(type) ?? Activator.CreateInstance(type)!;
        foreach (var group in groups)
        {
            group.SetValue(settings, Read(group.PropertyType, configuration, $"{section}:{group.Name}", errors));
        }

        foreach (var error in known.Values.Where(property => !unreadable.Contains(property.Name)).SelectMany(property => Check(property, settings)))
        {
            errors.Add(error.ToLine(section));
        }

        foreach (var error in (settings as ISettingsRules)?.Check().Where(error => !unreadable.Contains(error.Key)) ?? [])
        {
            errors.Add(error.ToLine(section));
        }

        return settings;
    }

    private static SettingRuleAttribute? RuleOf(PropertyInfo property) => property.GetCustomAttribute<SettingRuleAttribute>();

    private static IEnumerable<SettingError> Check(PropertyInfo property, object settings)
    {
        if (RuleOf(property) is not { } rule)
        {
            return [];
        }

        return property.GetValue(settings) switch
        {
            null => rule.IsRequired ? [new SettingError(property.Name, null, rule.Allowed)] : [],
            Array list => list.Cast<object>().Where(element => !rule.Accepts(element)).Select(element => new SettingError(property.Name, element, rule.Allowed)),
            var value => rule.Accepts(value) ? [] : [new SettingError(property.Name, value, rule.Allowed)],
        };
    }

    private static Type Single(Type type) => type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;

    private static bool CanRead(Type type, string value)
    {
        // Empty is unset for a setting that may be unset.
        if (value.Length == 0 && Nullable.GetUnderlyingType(type) is not null)
        {
            return true;
        }

        try
        {
            TypeDescriptor.GetConverter(Single(type)).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static string AllowedOf(Type type) => Single(type) switch
    {
        var single when single == typeof(TimeSpan) => "a time (d.hh:mm:ss)",
        var single when single == typeof(bool) => "true or false",
        var single when single == typeof(double) => "a number",
        _ => "a whole number",
    };
}
