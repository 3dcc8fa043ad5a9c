-- One row per diagnosis of an episode, with the place that it has there.
{{ codes_of_episodes('diagnosis', 20) }}
