<?php
// A worker in PHP that renders pages for ever: `php pages.php passed|kept`; kept ones are remembered by request.
$kept = [];

function page(int $number): string {
    $rows = [];
    for ($row = 0; $row < 60; $row++) $rows[] = ["number" => $number + $row, "name" => md5((string) ($number * $row))];
    return implode("\n", array_map(fn($one) => "<td>{$one['number']}</td><td>{$one['name']}</td>", $rows));
}

for ($number = 0; ; $number++) {
    $body = page($number);
    if ($argv[1] === "kept") $kept["request $number"] = substr($body, 0, 800);
    usleep(40000);
}
