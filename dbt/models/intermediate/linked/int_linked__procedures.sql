-- One row per procedure of an episode, with the place that it has there.
{{ codes_of_episodes('procedure', 24) }}
