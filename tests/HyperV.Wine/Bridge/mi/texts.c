/* Datetimes and paths, which WMI has as texts. */
#include "mi.h"

static DWORD digits(const WCHAR *text, int count)
{
    DWORD number = 0;
    while (count--)
        number = *text == '*' ? 0 : number * 10 + (*text - '0'), text++;
    return number;
}

Datetime read_datetime(const WCHAR *text)
{
    Datetime time = { 0 };
    if (lstrlenW(text) != 25)
        return time;
    if (text[21] == ':') {
        time.year = digits(text, 8), time.month = digits(text + 8, 2), time.day = digits(text + 10, 2), time.hour = digits(text + 12, 2);
        time.minute = digits(text + 15, 6);
        return time;
    }
    time.is_timestamp = 1;
    time.year = digits(text, 4), time.month = digits(text + 4, 2), time.day = digits(text + 6, 2);
    time.hour = digits(text + 8, 2), time.minute = digits(text + 10, 2), time.second = digits(text + 12, 2);
    time.microseconds = digits(text + 15, 6);
    time.utc = (text[21] == '-' ? -1 : 1) * (LONG)digits(text + 22, 3);
    return time;
}

BSTR write_datetime(const Datetime *time)
{
    WCHAR text[40];
    if (time->is_timestamp)
        swprintf(text, 40, L"%04lu%02lu%02lu%02lu%02lu%02lu.%06lu%c%03ld", time->year, time->month, time->day, time->hour, time->minute,
            time->second, time->microseconds, time->utc < 0 ? '-' : '+', labs(time->utc));
    else
        swprintf(text, 40, L"%08lu%02lu%02lu%02lu.%06lu:000", time->year, time->month, time->day, time->hour, time->minute);
    return SysAllocString(text);
}

/* A path as an instance that has its keys only: \\server\namespace:Class.Key="text",Other=1 */
Instance *read_path(const WCHAR *text)
{
    const WCHAR *quote = wcschr(text, '"'), *colon = wcschr(text, ':'), *at = text;
    WCHAR *name = allocate((lstrlenW(text) + 1) * sizeof(WCHAR)), *buffer = allocate((lstrlenW(text) + 1) * sizeof(WCHAR));
    Instance *instance = new_instance(L"");
    if (colon && (!quote || colon < quote)) {
        if (text[0] == '\\' && text[1] == '\\' && wcschr(text + 2, '\\'))
            text = wcschr(text + 2, '\\') + 1;
        lstrcpynW(buffer, text, colon - text + 1);
        instance->space = copy_text(buffer);
        at = colon + 1;
    }
    lstrcpynW(buffer, at, wcscspn(at, L".") + 1);
    release(instance->class_name);
    instance->class_name = copy_text(buffer);
    at += wcscspn(at, L".");
    while (*at == '.' || *at == ',') {
        Value value = { 0 };
        DWORD length = 0;
        at++;
        lstrcpynW(name, at, wcscspn(at, L"=") + 1);
        at += wcscspn(at, L"=") + 1;
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++) {
                if (*at == '\\' && at[1])
                    at++;
                buffer[length++] = *at;
            }
            buffer[length] = 0;
            at += *at == '"';
            value.string = copy_text(buffer);
            add_element(instance, name, STRING_, 0, &value);
        } else {
            value.u64 = _wcstoui64(at, NULL, 10);
            at += wcscspn(at, L",");
            add_element(instance, name, SINT64_, 0, &value);
        }
    }
    release(name);
    release(buffer);
    return instance;
}

/* The other way round; without server and namespace for an object of the session. */
BSTR write_path(const Instance *keys, BOOL with_namespace)
{
    SIZE_T size = 64 + lstrlenW(keys->class_name) + (keys->space ? lstrlenW(keys->space) : 0);
    WCHAR *text, *at;
    BSTR path;
    for (DWORD i = 0; i < keys->count; i++)
        size += lstrlenW(keys->elements[i].name) + 32 + (keys->elements[i].type == STRING_ ? 2 * lstrlenW(keys->elements[i].value.string) : 0);
    at = text = allocate(size * sizeof(WCHAR));
    if (with_namespace && keys->space)
        at += swprintf(at, size, L"%ls:", keys->space);
    at += swprintf(at, size, L"%ls", keys->class_name);
    for (DWORD i = 0; i < keys->count; i++) {
        const Element *key = &keys->elements[i];
        at += swprintf(at, size, L"%lc%ls=", i ? ',' : '.', key->name);
        if (key->type != STRING_) {
            at += swprintf(at, size, L"%llu", key->value.u64);
            continue;
        }
        *at++ = '"';
        for (const WCHAR *from = key->value.string; *from; from++) {
            if (*from == '"' || *from == '\\')
                *at++ = '\\';
            *at++ = *from;
        }
        *at++ = '"';
        *at = 0;
    }
    path = SysAllocString(text);
    release(text);
    return path;
}
